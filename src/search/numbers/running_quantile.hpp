#pragma once

#include "search/numbers/order_statistic.hpp"

#include <cstddef>

namespace troupe {

/// A quantile of numbers that come one by one, with linear interpolation: bit for bit what
/// numpy.nanpercentile gives. Recording is O(log n), asking O(1).
class running_quantile {
public:
  /// `quantile` in [0, 1]: 0 is the smallest number, 1 the largest.
  explicit running_quantile(double quantile) : quantile_{quantile} {}

  /// Records a number; NaN is ignored.
  void record(double x);

  /// Returns how many numbers have been recorded, without NaN.
  std::size_t size() const noexcept { return values_.size(); }

  /// Returns the quantile. NaN if there are no numbers, or if infinite ones meet in the
  /// interpolation.
  double value() const;

private:
  /// Where the quantile of `n` numbers lies between the sorted ones, counted from 0.
  double position(std::size_t n) const noexcept { return static_cast<double>(n - 1) * quantile_; }

  double quantile_;
  order_statistic values_; ///< Cut above the quantile's lower neighbour.
};

} // namespace troupe
