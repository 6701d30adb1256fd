#pragma once

namespace troupe::gp {

/// A function of a prediction, and its derivatives.
struct utility {
  double value = 0;
  double by_mean = 0;
  double by_variance = 0;
};

/// Returns the logarithm of the expected improvement E max(y - threshold, 0) of a normal y. Exact
/// in far tails also, where the expectation itself is not a double any more.
/// (Ament et al., "Unexpected improvements to expected improvement for Bayesian optimization",
/// 2023.)
utility log_ei(double mean, double variance, double threshold);

/// Returns the logarithm of the probability that a normal y is at least `threshold`.
utility log_probability(double mean, double variance, double threshold);

} // namespace troupe::gp
