#pragma once

#include <span>
#include <string>
#include <string_view>

namespace troupe {

/// Returns how many letters must be changed, added, dropped or swapped with their neighbour to turn
/// `a` into `b`.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// Returns the name that was probably meant by `wrong`: the nearest one, if no more than a third of
/// the letters differ; else an empty view.
std::string_view nearest_name(std::string_view wrong, std::span<const std::string_view> names);

/// Returns what to say of a name that is not among `names`: `did you mean "lr"?` if one is near or
/// begins with it, else `known: lr, momentum`.
std::string suggest_name(std::string_view wrong, std::span<const std::string_view> names);

} // namespace troupe
