#include "search/searchers/gp/log_ei.hpp"

#include "search/numbers/normal.hpp"

#include <cmath>
#include <numbers>

namespace troupe::gp {

namespace {

constexpr double log_root_two_pi = 0.918938533204672741780;
constexpr double tail = -25; ///< Below it, z Φ(z) + φ(z) would lose its digits by cancellation.

double log_density(double z) {
  return -0.5 * z * z - log_root_two_pi;
}

/// In the tail: 1 + z Φ(z) / φ(z) = Σ (-1)^(k+1) (2k - 1)!! / z^(2k), k = 1, 2, …, the asymptotic
/// series; at z = -25 what is left out is below 1e-16 of it.
double tail_share(double z) {
  const double step = -1 / (z * z);
  double term = 1;
  double sum = 0;
  for (int odd = 1; odd <= 15; odd += 2)
    sum -= term *= odd * step;
  return sum;
}

/// The derivatives by mean and variance of g(z) + share · ln σ, z = (mean - threshold) / σ.
utility utility_at(double value, double slope, double share, double z, double deviation) {
  return {value, slope / deviation, (share - slope * z) / (2 * deviation * deviation)};
}

} // namespace

utility log_ei(double mean, double variance, double threshold) {
  const double deviation = std::sqrt(variance);
  const double z = (mean - threshold) / deviation;
  double log_h; // of h(z) = z Φ(z) + φ(z), whose derivative is Φ(z)
  double slope; // Φ(z) / h(z)
  if (z < tail) {
    const double share = tail_share(z);
    log_h = log_density(z) + std::log(share);
    slope = (share - 1) / (z * share);
  } else {
    const double below = 0.5 * std::erfc(-z / std::numbers::sqrt2);
    const double h = z * below + std::exp(log_density(z));
    log_h = std::log(h);
    slope = below / h;
  }
  return utility_at(log_h + std::log(deviation), slope, 1, z, deviation);
}

utility log_probability(double mean, double variance, double threshold) {
  const double deviation = std::sqrt(variance);
  const double z = (mean - threshold) / deviation;
  const double value = log_ndtr(z);
  return utility_at(value, std::exp(log_density(z) - value), 0, z, deviation);
}

} // namespace troupe::gp
