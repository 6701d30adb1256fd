#include "search/searchers/cmaes/strategy.hpp"

#include <algorithm>
#include <cmath>

namespace troupe {

namespace {

constexpr double alpha_cov = 2;

/// Returns log_offset - ln(rank) for the ranks 1, …, count.
Eigen::VectorXd log_weights(Eigen::Index count, double log_offset) {
  Eigen::VectorXd w(count);
  for (Eigen::Index i = 0; i < count; ++i)
    w[i] = log_offset - std::log(static_cast<double>(i + 1));
  return w;
}

double effective(const Eigen::VectorXd& w) {
  return w.sum() * w.sum() / w.squaredNorm();
}

double rank_one_rate(double n, double mu_eff) {
  return alpha_cov / ((n + 1.3) * (n + 1.3) + mu_eff);
}

double damping(double n, double mu_eff, double c_sigma) {
  return 1 + 2 * std::max(0.0, std::sqrt((mu_eff - 1) / (n + 1)) - 1) + c_sigma;
}

double expected_length(double n) {
  return std::sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
}

/// Scales the positive weights to the sum 1, and the negative ones to what the covariance can take
/// without losing definiteness (equations 50 to 53).
Eigen::VectorXd normalised(const Eigen::VectorXd& raw, double n, const cma_strategy& s) {
  const Eigen::VectorXd negative = raw.tail(raw.size() - s.parents);
  const double positive_sum = raw.cwiseMax(0).sum();
  const double negative_sum = -raw.cwiseMin(0).sum();
  const double most = std::min({1 + s.c1 / s.cmu, 1 + 2 * effective(negative) / (s.mu_eff + 2),
                                (1 - s.c1 - s.cmu) / (n * s.cmu)});
  Eigen::VectorXd w = raw;
  for (double& x : w)
    x *= x >= 0 ? 1 / positive_sum : most / negative_sum;
  return w;
}

} // namespace

Eigen::Index default_population(Eigen::Index dim) {
  return 4 + static_cast<Eigen::Index>(std::floor(3 * std::log(static_cast<double>(dim))));
}

cma_strategy full_strategy(Eigen::Index dim, Eigen::Index population) {
  const auto n = static_cast<double>(dim);
  const Eigen::VectorXd raw =
      log_weights(population, std::log(static_cast<double>(population + 1) / 2));
  cma_strategy s;
  s.parents = population / 2;
  s.mu_eff = effective(raw.head(s.parents));
  s.c1 = rank_one_rate(n, s.mu_eff);
  s.cmu = std::min(1 - s.c1 - 1e-8, alpha_cov * (s.mu_eff - 2 + 1 / s.mu_eff) /
                                        ((n + 2) * (n + 2) + alpha_cov * s.mu_eff / 2));
  s.weights = normalised(raw, n, s);
  s.c_sigma = (s.mu_eff + 2) / (n + s.mu_eff + 5);
  s.d_sigma = damping(n, s.mu_eff, s.c_sigma);
  s.cc = (4 + s.mu_eff / n) / (n + 4 + 2 * s.mu_eff / n);
  s.chi_n = expected_length(n);
  return s;
}

cma_strategy separable_strategy(Eigen::Index dim, Eigen::Index population) {
  const auto n = static_cast<double>(dim);
  cma_strategy s;
  s.parents = population / 2;
  s.weights = log_weights(s.parents, std::log(static_cast<double>(s.parents + 1)));
  s.weights /= s.weights.sum();
  s.mu_eff = 1 / s.weights.squaredNorm();
  s.c1 = rank_one_rate(n, s.mu_eff);
  const double root = n + std::sqrt(2.0);
  const double unscaled =
      2 / s.mu_eff / (root * root) +
      (1 - 1 / s.mu_eff) * std::min(1.0, (2 * s.mu_eff - 1) / ((n + 2) * (n + 2) + s.mu_eff));
  // In large generations the scaled rate would pass 1 and turn variances negative.
  s.cmu = std::min(1 - s.c1, (n + 2) / 3 * unscaled);
  s.c_sigma = (s.mu_eff + 2) / (n + s.mu_eff + 3);
  s.d_sigma = damping(n, s.mu_eff, s.c_sigma);
  s.cc = 4 / (n + 4);
  s.chi_n = expected_length(n);
  return s;
}

} // namespace troupe
