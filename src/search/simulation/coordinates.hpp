#pragma once

#include <troupe/space.hpp>

#include <vector>

namespace troupe {

/// Returns where `c` lies in `space`: one coordinate in [0, 1] for every parameter but constants,
/// in the order of the space.
///
/// - What searchers model has the coordinate of its dimension: the place between its bounds, or
///   between their logarithms; a normal law's quantile; (i + 1/2) / n for the value i = 0, 1, … of
///   a choice of n.
/// - The values of grid_search have it as those of a choice.
/// - What an expression or a function gives: 1/2 + x / (2 + 2 abs(x)) for a number x, 0 for false,
///   and 1 for true.
///
/// A parameter that is absent, that has only one value, or whose value has no place by these rules
/// has the coordinate 1/2.
std::vector<double> coordinates_of(const search_space& space, const config& c);

} // namespace troupe
