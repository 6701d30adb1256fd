#pragma once

#include <troupe/scope.hpp>
#include <troupe/study.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace troupe {

/// What one trial's reports of a metric come to, by a scope. O(1) in the number of reports.
class scoped_value {
public:
  scoped_value(troupe::scope scope, direction mode) noexcept : scope_{scope}, mode_{mode} {}

  /// Takes the value of the trial's next report. Returns whether that is the report which the trial
  /// is now compared by: the last one always is, but with the scope "all" only one that is better
  /// than all before; NaN never is there.
  bool add(double value);

  /// Returns what the reports come to; NaN without any.
  double value() const noexcept { return value_; }

private:
  bool is_better(double value) const noexcept;
  double mean_of_last(double value, std::size_t window);

  troupe::scope scope_;
  direction mode_;
  std::uint64_t count_ = 0;
  double value_ = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> recent_; ///< As many as the scope averages, the oldest first.
};

} // namespace troupe
