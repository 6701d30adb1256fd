#pragma once

#include <cstddef>
#include <vector>

namespace troupe {

/// Points of several losses at once: less is better in each.
using losses = std::vector<double>;

/// Returns whether `a` is nowhere worse than `b` and somewhere better.
bool dominates(const losses& a, const losses& b) noexcept;

/// Returns the places of the points that no other dominates, in their order.
std::vector<std::size_t> pareto_front(const std::vector<losses>& points);

/// Returns the places of all points, front by front: each front is what no point of those left
/// dominates (Deb et al., "A fast and elitist multiobjective genetic algorithm: NSGA-II", 2002).
/// Ends with the front that brings the points in all to `enough`.
std::vector<std::vector<std::size_t>> pareto_fronts(const std::vector<losses>& points,
                                                    std::size_t enough);

/// The range of one loss; empty (low > high) if no point has a finite one.
struct loss_range {
  double low = 0;
  double high = 0;

  /// How wide it is; 1 if it is empty or a single number, so that one can divide by it.
  double width() const noexcept { return high > low ? high - low : 1; }
};

/// Returns the range of loss number `loss` among the points where it is finite.
loss_range finite_range(const std::vector<losses>& points, std::size_t loss);

/// Returns the volume that the points dominate, up to `reference`; those not better than that in
/// every loss count for nothing.
double hypervolume(std::vector<losses> points, const losses& reference);

/// Returns the places of `count` of the points, chosen one after the other such that each adds the
/// most hypervolume; the first of equals. (Nemhauser et al., 1978: at least 1 - 1/e of the best.)
std::vector<std::size_t> most_volume(const std::vector<losses>& points, std::size_t count,
                                     const losses& reference);

/// Returns the reference point that Optuna measures from: a tenth beyond the worst of each loss.
losses reference_beyond(const std::vector<losses>& points);

} // namespace troupe
