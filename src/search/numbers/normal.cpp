#include "search/numbers/normal.hpp"

#include <boost/math/special_functions/erf.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace troupe {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double root_half = 0.5 * std::numbers::sqrt2;
constexpr double log_root_two_pi = 0.918938533204672741780;
constexpr double least_plain = -37; ///< Below it the distribution function leaves the doubles.
constexpr double log_least = -680;  ///< Lies above log_ndtr(least_plain).

double ndtr(double x) {
  return 0.5 * std::erfc(-x * root_half);
}

/// The asymptotic series of Mills' ratio; at x = -37 its terms fall below 1e-16 after the sixth.
double far_log_ndtr(double x) {
  const double step = -1 / (x * x);
  double term = 1;
  double sum = 1;
  for (int odd = 1; odd <= 13; odd += 2)
    sum += term *= odd * step;
  return -0.5 * x * x - std::log(-x) - log_root_two_pi + std::log(sum);
}

/// log(exp(x) - exp(y)), x >= y.
double log_difference(double x, double y) {
  return x + std::log1p(-std::exp(y - x));
}

double log_sum(double x, double y) {
  const double larger = std::max(x, y);
  return larger == -infinity ? larger : larger + std::log1p(std::exp(std::min(x, y) - larger));
}

/// The mass of a narrow interval: the density at its middle times its width, times a series in
/// Hermite polynomials. What is left out is below 3e-12 of the mass.
double narrow_log_mass(double middle, double width) {
  const double m = middle * middle;
  const double w = width * width;
  const double series = w / 24 * (m - 1 + w / 80 * (m * (m - 6) + 3));
  return -0.5 * m - log_root_two_pi + std::log(width) + std::log1p(series);
}

/// The quantile of the standard normal distribution whose level has the logarithm `p` <= 0.
double quantile_of_log(double p) {
  using boost::math::policies::promote_double;
  if (p > log_least)
    return -std::numbers::sqrt2 *
           boost::math::erfc_inv(std::min(2.0, 2 * std::exp(p)),
                                 boost::math::policies::policy<promote_double<false>>{});
  double x = -std::sqrt(-2 * p); // Newton's method on a concave function, from its left
  for (int i = 0; i < 6; ++i) {
    const double log_density = -0.5 * x * x - log_root_two_pi;
    const double level = log_ndtr(x);
    x -= (level - p) * std::exp(level - log_density);
  }
  return x;
}

} // namespace

double log_ndtr(double x) {
  if (x < least_plain) return far_log_ndtr(x);
  return x < 1 ? std::log(ndtr(x)) : std::log1p(-ndtr(-x));
}

double log_mass(double a, double b) {
  if (a == b) return -infinity;
  const double width = b - a;
  const double middle = a + 0.5 * width;
  if (width * std::max(1.0, std::abs(middle)) <= 0.1) return narrow_log_mass(middle, width);
  if (a > 0) return log_mass(-b, -a);
  if (b > 0) return std::log1p(-(ndtr(a) + ndtr(-b)));
  if (b > least_plain) return std::log(ndtr(b) - ndtr(a));
  return log_difference(log_ndtr(b), log_ndtr(a));
}

double cut_normal_quantile(double q, double a, double b) {
  if (a > 0) return -cut_normal_quantile(1 - q, -b, -a);
  const double x = quantile_of_log(log_sum(log_ndtr(a), std::log(q) + log_mass(a, b)));
  return std::clamp(x, a, b);
}

} // namespace troupe
