#pragma once

#include <troupe/searcher.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>

namespace troupe {

/// One rung of a ladder on which trials wait to be promoted: Li et al., "A System for Massively
/// Parallel Hyperparameter Tuning", MLSys 2020, algorithm 2. Larger values are better.
///
/// Of n values recorded here the best ⌊n / reduction_factor⌋ may go on; of equal ones the first
/// recorded is the better. NaN counts among the n, and never goes on. All operations are O(log n).
class promotion_rung {
public:
  /// `milestone`: the time at which trials get here. `reduction_factor` > 1.
  promotion_rung(double milestone, double reduction_factor)
      : milestone_{milestone},
        reduction_factor_{reduction_factor} {}

  double milestone() const noexcept { return milestone_; }

  /// Returns whether `n` has been recorded here.
  bool holds(trial_number n) const { return values_.contains(n); }

  /// Records the value of a trial that is not here yet. It does not wait.
  void record(trial_number n, double value);

  /// Trial `n`, which has been recorded, waits to be promoted, or waits no longer.
  void set_waiting(trial_number n, bool waits);

  /// Returns the best of those that may go on and wait; none if there is none.
  std::optional<trial_number> promotable() const;

  /// Returns how many have been recorded.
  std::size_t size() const noexcept { return values_.size(); }

private:
  using key = std::tuple<double, std::uint64_t, trial_number>; ///< Worth, order; best first.

  std::size_t quota() const noexcept;
  /// The best of the others joins those that may go on.
  void enter_top();

  double milestone_;
  double reduction_factor_;
  std::unordered_map<trial_number, key> values_;
  std::set<key> top_, rest_; ///< The best that may go on, and the others; without NaN.
  std::set<trial_number> waiting_;
  std::set<key> candidates_; ///< Those of `top_` that wait.
};

} // namespace troupe
