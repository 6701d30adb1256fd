#pragma once

#include <troupe/searcher.hpp>

#include <cstddef>
#include <limits>
#include <map>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace troupe {

/// The running means of many trials, and the median of them at a time: what the median stopping
/// rule compares with.
///
/// A trial's mean at time t is that of all values it recorded from the grace period's end up to t,
/// added as numpy adds (see pairwise_sum): where a trial is exactly as good as the median, the last
/// bit decides. That order of adding depends on how many numbers there are, so a sum cannot be
/// carried on; instead each mean is worked out once, when its last value is recorded, and kept.
///
/// A time that is asked for a second time gets a sorted column of the means at that time, which is
/// kept up to date from then on. So for a time that trials have in common, iterations that is, a
/// question costs O(log n) for n trials. For times that are never the same twice, such as seconds,
/// it is O(n log k) for k values a trial: the means of all trials that have come that far are
/// looked up.
class running_means {
public:
  /// Only what is recorded at the time `from` or later goes into the means.
  explicit running_means(double from) : from_{from} {}

  /// Trial `n` had `value` at `time`, which is not NaN. Time may go back, when a trial is tried
  /// again.
  void record(trial_number n, double time, double value);

  struct peers {
    std::size_t count = 0;
    double median = std::numeric_limits<double>::quiet_NaN(); ///< If count > 0.
  };

  /// Returns the median of the means that the trials other than `n` had at `time`. Trials whose
  /// last recorded time is before it do not count, nor do means that are not finite.
  peers peers_of(trial_number n, double time);

private:
  struct history {
    double last = -std::numeric_limits<double>::infinity(); ///< The last recorded time.
    bool in_order = true;                                   ///< Whether no time is before another.
    std::vector<double> times, values;                      ///< From `from` on.
    std::vector<double> means; ///< Of the first 1, 2, … values; while they are in order.
  };
  using column = std::vector<double>; ///< Finite means, ascending.

  /// Returns the mean at `time`; NaN if there is none.
  static double mean_at(const history& h, double time);
  /// Returns the mean at `time`, if the trial has come that far and its mean is finite.
  static std::optional<double> share_at(const history& h, double time);

  void append(history& h, double time, double value) const;
  /// Returns the finite means at `time` of all trials but `except`, in no order.
  std::vector<double> means_at(double time, std::optional<trial_number> except) const;

  double from_;
  std::unordered_map<trial_number, history> histories_;
  std::unordered_set<double> asked_;
  std::map<double, column> columns_;
};

} // namespace troupe
