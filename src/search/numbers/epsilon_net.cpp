#include "search/numbers/epsilon_net.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace troupe {

namespace {

/// The points with each loss from 0 to 1.
std::vector<losses> scaled(std::vector<losses> points) {
  for (std::size_t loss = 0; !points.empty() && loss < points.front().size(); ++loss) {
    const auto range = finite_range(points, loss);
    const double low = range.low > range.high ? 0 : range.low;
    for (auto& p : points)
      p[loss] = std::clamp((p[loss] - low) / range.width(), 0.0, 1.0);
  }
  return points;
}

double squared_distance(const losses& a, const losses& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

} // namespace

std::vector<std::size_t> epsilon_net(const std::vector<losses>& points, std::size_t count) {
  std::vector<std::size_t> chosen;
  if (points.empty()) return chosen;
  const auto places = scaled(points);
  // To the nearest chosen one.
  std::vector<double> gaps(points.size(), std::numeric_limits<double>::infinity());
  const auto first = std::min_element(points.begin(), points.end(),
                                      [](const losses& a, const losses& b) { return a[0] < b[0]; });
  auto next = static_cast<std::size_t>(first - points.begin());
  while (chosen.size() < std::min(count, points.size())) {
    chosen.push_back(next);
    for (std::size_t i = 0; i < gaps.size(); ++i)
      gaps[i] = std::min(gaps[i], squared_distance(places[i], places[next]));
    gaps[next] = -1;
    next = static_cast<std::size_t>(std::max_element(gaps.begin(), gaps.end()) - gaps.begin());
  }
  return chosen;
}

bool among_best(const std::vector<losses>& points, std::size_t which, std::size_t count) {
  for (const auto& front : pareto_fronts(points, count)) {
    const auto same = [&](std::size_t i) { return points[i] == points[which]; };
    if (front.size() > count) {
      std::vector<losses> rivals;
      rivals.reserve(front.size());
      for (const auto i : front)
        rivals.push_back(points[i]);
      const auto net = epsilon_net(rivals, count);
      return std::any_of(net.begin(), net.end(), [&](std::size_t i) { return same(front[i]); });
    }
    if (std::any_of(front.begin(), front.end(), same)) return true;
    count -= front.size();
  }
  return false;
}

} // namespace troupe
