#pragma once

#include "search/numbers/pareto.hpp"

#include <cstddef>
#include <vector>

namespace troupe {

/// Returns the places of `count` of the points, such that they are spread well: the one with the
/// least first loss, then always the one that is farthest from all chosen so far; the first of
/// equals. (Clarkson, "Nearest-neighbor searching and metric space dimensions", 2006.) Distances
/// are Euclidean, each loss in units of its range among the points; infinite losses count as just
/// the worst or best finite one. There must be no NaN.
std::vector<std::size_t> epsilon_net(const std::vector<losses>& points, std::size_t count);

/// Returns whether point `which` is among the best `count`: front by front, and in the front that
/// does not fit by epsilon_net. Points equal to a chosen one are chosen too.
bool among_best(const std::vector<losses>& points, std::size_t which, std::size_t count);

} // namespace troupe
