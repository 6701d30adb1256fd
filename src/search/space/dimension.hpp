#pragma once

#include <troupe/domain.hpp>

#include <cstddef>
#include <optional>

namespace troupe {

/// A parameter as a model sees it: an interval, perhaps with a grid, perhaps logarithmic; or
/// choices.
///
/// A value in the parameter's *own* scale is the number itself, or the number of the choice. In the
/// *kernel* scale it is its logarithm if `log`, else the same. Its *coordinate* is where it lies in
/// the kernel scale's range, from 0 to 1.
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

  /// The number of values of a grid or of choices; infinite without either.
  double count() const noexcept;

  /// Own scale to coordinate; each choice has an equal part, and counts with the middle of it.
  double to_coordinate(double x) const;

  /// Coordinate to own scale. A uniform coordinate gives each value of a linear grid, and each
  /// choice, with equal probability.
  double from_coordinate(double u) const;
};

/// What models make of the laws of a search space (docs/search.md has this as a table):
///
///   uniform, loguniform           an interval; the excluded upper bound is not suggested
///   float                         an interval, perhaps with a grid; both bounds are included
///   randint, lograndint           the grid of their integers, upper bound excluded
///   int, qrandint, qlograndint    the grid of their integers
///   quniform, qloguniform         the grid of their multiples, all alike: the ends have no half
///                                 weight
///   randn, qrandn                 the interval from 0 to 1, of the law's quantiles
///   choice                        its values, by their place in the list, without any order
///   all others                    nothing: they are not modelled
///
/// What has a single value is not modelled either.
/// @{

/// Returns the dimension of a domain, none if there is nothing to choose.
std::optional<dimension> dimension_of(const domain& d);

/// Returns the value of a domain in its dimension's own scale; NaN if `v` is not one of its values.
/// Of equal values of a choice the first counts; models should see each once (without_repeats).
double to_number(const domain& d, const boost::json::value& v);

/// Returns the value that the number `x` of a domain's dimension stands for.
boost::json::value to_value(const domain& d, double x);
/// @}

} // namespace troupe
