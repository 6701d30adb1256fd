#pragma once

#include <cstddef>

namespace troupe::tpe {

/// A parameter as TPE sees it: an interval, perhaps with a grid, perhaps logarithmic; or choices.
///
/// A value in the parameter's *own* scale is the number itself, or the number of the choice. In the
/// *kernel* scale it is its logarithm if `log`, else the same.
struct dimension {
  double low = 0; ///< In the own scale; both ends are included.
  double high = 1;
  double step = 0; ///< The grid is low, low + step, …, high; 0: no grid. Integers have a grid.
  bool log = false;
  std::size_t choices = 0; ///< If not 0, only this counts: the value is 0, …, choices - 1.

  bool categorical() const noexcept { return choices > 0; }
  bool stepped() const noexcept { return step > 0; }

  /// Own scale to kernel scale. NaN stays NaN.
  double to_kernel(double x) const;

  /// Kernel scale to own scale: back to the grid, and into the bounds.
  double to_own(double t) const;

  /// The range of the kernels: with a grid, half a step wider on both sides.
  double lower() const { return to_kernel(low - 0.5 * step); }
  double upper() const { return to_kernel(high + 0.5 * step); }
};

} // namespace troupe::tpe
