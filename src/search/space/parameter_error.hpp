#pragma once

#include <troupe/space.hpp>

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// Something is wrong with the parameter at `path`; what() names it.
struct parameter_error : std::invalid_argument {
  parameter_error(std::string_view where, std::string_view what)
      : std::invalid_argument{"parameter \"" + std::string{where} + "\": " + std::string{what}},
        path{where},
        problem{what} {}

  std::string path;
  std::string problem;
};

/// Throws parameter_error.
[[noreturn]] void refuse_parameter(std::string_view path, std::string_view problem);

/// Returns what to say of a path that is none of `entries`, when `said` problems have been found
/// before: the name that was perhaps meant. Whoever has a hundred wrong names has one cause, and is
/// told to look at the space.
std::string suggest_parameter(std::string_view wrong,
                              const std::vector<search_space::entry>& entries, std::size_t said);

} // namespace troupe
