#include "search/numbers/pareto.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace troupe {

namespace {

/// The volume of the box between a point and the reference.
double box(const losses& point, const losses& reference) {
  double volume = 1;
  for (std::size_t i = 0; i < point.size(); ++i)
    volume *= reference[i] - point[i];
  return volume;
}

/// `others`, each moved to where it covers what `point` dominates, without what that makes useless.
std::vector<losses> limited_to(const losses& point, const std::vector<losses>& others) {
  std::vector<losses> limited;
  for (const auto& other : others) {
    auto& moved = limited.emplace_back(other);
    for (std::size_t i = 0; i < moved.size(); ++i)
      moved[i] = std::max(moved[i], point[i]);
  }
  std::vector<losses> front;
  for (const auto i : pareto_front(limited))
    front.push_back(std::move(limited[i]));
  return front;
}

/// While et al., "A fast way of calculating exact hypervolumes" (WFG), 2012: what each point adds
/// to those after it.
double volume_of(const std::vector<losses>& points, const losses& reference) {
  double volume = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto rest =
        std::vector<losses>(points.begin() + static_cast<std::ptrdiff_t>(i) + 1, points.end());
    volume += box(points[i], reference);
    if (!rest.empty()) volume -= volume_of(limited_to(points[i], rest), reference);
  }
  return volume;
}

double plane_volume(std::vector<losses> points, const losses& reference) {
  std::sort(points.begin(), points.end());
  double volume = 0;
  double ceiling = reference[1];
  for (const auto& p : points) {
    if (p[1] >= ceiling) continue;
    volume += (reference[0] - p[0]) * (ceiling - p[1]);
    ceiling = p[1];
  }
  return volume;
}

} // namespace

bool dominates(const losses& a, const losses& b) noexcept {
  bool better = false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] > b[i]) return false;
    better |= a[i] < b[i];
  }
  return better;
}

std::vector<std::size_t> pareto_front(const std::vector<losses>& points) {
  auto fronts = pareto_fronts(points, 1);
  return fronts.empty() ? std::vector<std::size_t>{} : std::move(fronts.front());
}

std::vector<std::vector<std::size_t>> pareto_fronts(const std::vector<losses>& points,
                                                    std::size_t enough) {
  // In this order a point is dominated only by points before it.
  std::vector<std::size_t> left(points.size());
  std::iota(left.begin(), left.end(), std::size_t{0});
  std::stable_sort(left.begin(), left.end(),
                   [&](std::size_t a, std::size_t b) { return points[a] < points[b]; });
  std::vector<std::vector<std::size_t>> fronts;
  for (std::size_t taken = 0; taken < enough && !left.empty();) {
    std::vector<std::size_t> front;
    std::erase_if(left, [&](std::size_t p) {
      const bool is_dominated = std::any_of(front.begin(), front.end(), [&](std::size_t f) {
        return dominates(points[f], points[p]);
      });
      if (!is_dominated) front.push_back(p);
      return !is_dominated;
    });
    std::sort(front.begin(), front.end());
    taken += front.size();
    fronts.push_back(std::move(front));
  }
  return fronts;
}

loss_range finite_range(const std::vector<losses>& points, std::size_t loss) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  loss_range range{infinity, -infinity};
  for (const auto& p : points)
    if (std::isfinite(p[loss])) {
      range.low = std::min(range.low, p[loss]);
      range.high = std::max(range.high, p[loss]);
    }
  return range;
}

double hypervolume(std::vector<losses> points, const losses& reference) {
  std::erase_if(points, [&](const losses& p) {
    return !std::equal(p.begin(), p.end(), reference.begin(), std::less<>{});
  });
  if (points.empty()) return 0;
  return reference.size() == 2 ? plane_volume(std::move(points), reference)
                               : volume_of(points, reference);
}

std::vector<std::size_t> most_volume(const std::vector<losses>& points, std::size_t count,
                                     const losses& reference) {
  std::vector<std::size_t> chosen;
  std::vector<losses> covered;
  // What a point adds only falls as others are chosen, so an old figure is a bound.
  std::vector<double> bounds(points.size(), std::numeric_limits<double>::infinity());
  std::vector<bool> taken(points.size());
  while (chosen.size() < std::min(count, points.size())) {
    const double before = hypervolume(covered, reference);
    std::size_t best = points.size();
    for (std::size_t i = 0; i < points.size(); ++i) {
      if (taken[i] || (best < points.size() && bounds[i] <= bounds[best])) continue;
      covered.push_back(points[i]);
      bounds[i] = hypervolume(covered, reference) - before;
      covered.pop_back();
      if (best == points.size() || bounds[i] > bounds[best]) best = i;
    }
    taken[best] = true;
    chosen.push_back(best);
    covered.push_back(points[best]);
  }
  return chosen;
}

losses reference_beyond(const std::vector<losses>& points) {
  losses worst(points.empty() ? 0 : points.front().size(),
               -std::numeric_limits<double>::infinity());
  for (const auto& p : points)
    for (std::size_t i = 0; i < p.size(); ++i)
      worst[i] = std::max(worst[i], p[i]);
  for (double& w : worst) {
    w = std::max(1.1 * w, 0.9 * w);
    if (w == 0) w = 1e-12;
  }
  return worst;
}

} // namespace troupe
