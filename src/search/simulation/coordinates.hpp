#pragma once

#include <troupe/space.hpp>

#include <vector>

namespace troupe {

/// Returns where `c` lies in `space`: one coordinate in [0, 1] for every parameter but constants,
/// in the order of the space. What lies outside of its domain is moved to the nearer end.
///
/// | domain | coordinate of a value x |
/// | ------ | ----------------------- |
/// | numbers and integers with bounds | (x - least) / (greatest - least), of all that can be drawn
/// | | the same, by a logarithmic law | the same of the logarithms | | `randn`, `qrandn` | the
/// share of the normal distribution that is below x | | `choice`, `grid_search` | i / (n - 1) for
/// the value i = 0, 1, … of n | | expressions, functions | 1/2 + x / (2 + 2 abs(x)) for a number, 0
/// for false, 1 for true |
///
/// A parameter that is absent, that has only one value, or whose value has no place by these rules
/// has the coordinate 1/2.
std::vector<double> coordinates_of(const search_space& space, const config& c);

} // namespace troupe
