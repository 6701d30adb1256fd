#pragma once

#include <troupe/space.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// Throws std::invalid_argument that says what is wrong with the parameter at `path`.
[[noreturn]] void refuse_parameter(std::string_view path, std::string_view problem);

/// Returns what to say of a path that is none of `entries`, when `said` problems have been found
/// before: the name that was perhaps meant. Whoever has a hundred wrong names has one cause, and is
/// told to look at the space.
std::string suggest_parameter(std::string_view wrong,
                              const std::vector<search_space::entry>& entries, std::size_t said);

} // namespace troupe
