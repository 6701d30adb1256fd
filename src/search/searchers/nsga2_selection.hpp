#pragma once

#include "search/numbers/pareto.hpp"

#include <cstddef>
#include <vector>

namespace troupe {

/// What a trial has come to, as a genetic algorithm sees it.
struct fitness {
  losses values;        ///< No NaN.
  double violation = 0; ///< Of the constraints, added up; 0 is feasible.
};

/// Constrained domination (Deb et al., "A fast and elitist multiobjective genetic algorithm:
/// NSGA-II", 2002): the feasible before the infeasible, the less infeasible before the more, and
/// Pareto domination among the feasible.
bool precedes(const fitness& a, const fitness& b) noexcept;

/// Returns how far each point is from its neighbours: the sum over the losses of the gap between
/// the next smaller and the next larger one, as a share of the range. Infinite for the ends.
std::vector<double> crowding_distances(const std::vector<losses>& points);

/// Returns the places of the `count` fittest: front by front, and of the front that does not fit
/// those with the most room around them; the first of equals.
std::vector<std::size_t> select_fittest(const std::vector<fitness>& all, std::size_t count);

} // namespace troupe
