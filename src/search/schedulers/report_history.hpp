#pragma once

#include <troupe/study.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace troupe {

/// The reports of one trial, as pruning rules see them: one value per step, in any order of
/// arrival.
class report_history {
public:
  struct report {
    std::int64_t step = 0;
    double value = 0; ///< May be NaN or infinite.
    double best = 0;  ///< Of the values up to this step, NaN left out; NaN if there is no other.
  };

  /// `mode` says what is better.
  explicit report_history(direction mode) : mode_{mode} {}

  /// Adds a report. Returns false and changes nothing if the step has been reported before: the
  /// first value counts.
  bool add(std::int64_t step, double value);

  /// Forgets the reports from `step` on: a trial that has failed goes on from there.
  void rewind(std::int64_t step);

  bool empty() const noexcept { return reports_.empty(); }

  /// Returns the reports in the order of their steps.
  std::span<const report> by_step() const noexcept { return reports_; }

  /// Returns the report with the highest step, which need not be the latest to arrive. There must
  /// be one, as for mean().
  const report& last() const { return reports_.back(); }

  /// Returns the mean value, added up in the order of arrival.
  double mean() const noexcept { return sum_ / static_cast<double>(reports_.size()); }

  /// Returns whether no value is NaN or infinite.
  bool all_finite() const noexcept { return not_finite_ == 0; }

  /// Returns the better of two values; NaN is worse than anything.
  double better(double a, double b) const noexcept;

private:
  void count(double value) noexcept;

  direction mode_;
  std::vector<report> reports_; ///< By step.
  double sum_ = 0;
  std::size_t not_finite_ = 0;
};

/// Returns whether the last report is the first in its interval: intervals have `interval` >= 1
/// steps and begin at `warmup`. The last step must not be before that.
bool is_first_in_interval(const report_history& h, std::int64_t warmup, std::int64_t interval);

} // namespace troupe
