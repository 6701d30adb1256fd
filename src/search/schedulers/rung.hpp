#pragma once

#include "search/numbers/running_quantile.hpp"

#include <troupe/searcher.hpp>

#include <cstddef>
#include <unordered_set>

namespace troupe {

/// One rung of a successive-halving ladder: the values that trials had when they reached it, and
/// the value that the next one must not be worse than. Larger is better.
///
/// The cutoff is the (1 - 1/rf) quantile with linear interpolation, bit for bit what
/// numpy.nanpercentile gives. Recording is O(log n) and asking O(1).
class rung {
public:
  /// `milestone`: the time at which trials get here. `reduction_factor` > 1: one in so many is good
  /// enough.
  rung(double milestone, double reduction_factor);

  double milestone() const noexcept { return milestone_; }

  /// Returns whether `n` has been recorded here.
  bool holds(trial_number n) const { return trials_.contains(n); }

  /// Records the value of a trial that is not here yet. NaN takes the trial's place, but the cutoff
  /// ignores it.
  void record(trial_number n, double value);

  /// Returns how many values the cutoff is made of: all recorded but NaN.
  std::size_t size() const noexcept { return values_.size(); }

  /// Returns the cutoff. NaN, to which nothing compares as worse, if there are no values, or if
  /// infinite ones meet in the interpolation.
  double cutoff() const { return values_.value(); }

private:
  double milestone_;
  running_quantile values_;
  std::unordered_set<trial_number> trials_;
};

} // namespace troupe
