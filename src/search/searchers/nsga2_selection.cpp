#include "search/searchers/nsga2_selection.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace troupe {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Returns the fronts of the places in `group` by what `key` says of each, until there are
/// `enough`.
template <class Key>
std::vector<std::vector<std::size_t>> fronts_of(const std::vector<std::size_t>& group, Key key,
                                                std::size_t enough) {
  std::vector<losses> keys;
  keys.reserve(group.size());
  for (const auto i : group)
    keys.push_back(key(i));
  auto fronts = pareto_fronts(keys, enough);
  for (auto& front : fronts)
    for (auto& place : front)
      place = group[place];
  return fronts;
}

/// Returns the `count` places of a front with the most room around them; the first of equals.
std::vector<std::size_t> least_crowded(const std::vector<fitness>& all,
                                       const std::vector<std::size_t>& front, std::size_t count) {
  std::vector<losses> points;
  points.reserve(front.size());
  for (const auto i : front)
    points.push_back(all[i].values);
  const auto room = crowding_distances(points);
  std::vector<std::size_t> order(front.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return room[a] > room[b]; });
  order.resize(count);
  for (auto& place : order)
    place = front[place];
  return order;
}

} // namespace

bool precedes(const fitness& a, const fitness& b) noexcept {
  if (a.violation > 0 || b.violation > 0) return a.violation < b.violation;
  return dominates(a.values, b.values);
}

std::vector<double> crowding_distances(const std::vector<losses>& points) {
  std::vector<double> distances(points.size());
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t loss = 0; !points.empty() && loss < points.front().size(); ++loss) {
    const auto at = [&](std::size_t rank) { return points[order[rank]][loss]; };
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return points[a][loss] < points[b][loss];
    });
    const auto last = order.size() - 1;
    if (at(0) == at(last)) continue; // it tells them not apart
    const double range = finite_range(points, loss).width();
    for (std::size_t rank = 0; rank <= last; ++rank) {
      const double below = rank == 0 ? -infinity : at(rank - 1);
      const double above = rank == last ? infinity : at(rank + 1);
      if (below != above) distances[order[rank]] += (above - below) / range;
    }
  }
  return distances;
}

std::vector<std::size_t> select_fittest(const std::vector<fitness>& all, std::size_t count) {
  std::vector<std::size_t> feasible, others;
  for (std::size_t i = 0; i < all.size(); ++i)
    (all[i].violation > 0 ? others : feasible).push_back(i);
  auto fronts = fronts_of(
      feasible, [&](std::size_t i) { return all[i].values; }, count);
  for (auto& front : fronts_of(
           others, [&](std::size_t i) { return losses{all[i].violation}; }, count))
    fronts.push_back(std::move(front));

  std::vector<std::size_t> chosen;
  for (auto& front : fronts) {
    const auto left = count - chosen.size();
    if (front.size() > left) front = least_crowded(all, front, left);
    chosen.insert(chosen.end(), front.begin(), front.end());
  }
  return chosen;
}

} // namespace troupe
