#pragma once

#include "search/searchers/cmaes/covariance.hpp"
#include "search/searchers/cmaes/learning_rate.hpp"
#include "search/searchers/cmaes/strategy.hpp"

#include <troupe/random.hpp>

#include <Eigen/Core>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace troupe {

/// Where a CMA-ES starts, and which one it is.
struct cma_options {
  Eigen::VectorXd mean;
  double sigma = 1;             ///< The initial step size, > 0.
  Eigen::Index population = 0;  ///< Points per generation, >= 2; 0: the default.
  Eigen::MatrixXd covariance{}; ///< Symmetric, positive definite; empty: the identity.
  bool separable = false;       ///< Keep C diagonal.
  bool lr_adapt = false;        ///< Adapt the learning rates to the noise.
};

/// A box: low <= x <= high, both inclusive, perhaps infinite.
struct cma_box {
  Eigen::VectorXd low, high;
};

/// Covariance matrix adaptation evolution strategy, as Hansen's tutorial (2016) and the Python
/// package cmaes 0.13.1 have it: minimises a function of real vectors by sampling a normal
/// distribution and moving it towards the better points.
///
///     while (!es.should_stop()) {
///       for (Eigen::Index i = 0; i < es.population(); ++i)
///         value[i] = f(x.col(i) = es.ask(random, box));
///       es.tell(x, value);
///     }
class cma {
public:
  explicit cma(const cma_options& options);

  /// Draws a point; again, up to 10 dim times, if it lies outside of `box`; then it is clipped.
  Eigen::VectorXd ask(random_stream& random, const cma_box& box);

  /// Learns from one generation: `x` has a point per column, `values` what they are worth, less is
  /// better; population() of each. Points of equal value count in the order given.
  void tell(const Eigen::MatrixXd& x, const Eigen::VectorXd& values);

  /// Returns whether nothing more is to be gained: the values or the distribution have become
  /// flat, or the distribution has burst, degenerated or lost its numbers.
  bool should_stop();

  /// Returns `x`, pulled towards the mean if it is less likely under the distribution than its own
  /// draws ever are: further away than sqrt(n) + 2n / (n + 2) standard deviations (Hansen,
  /// "Injecting external solutions into CMA-ES", 2011).
  Eigen::VectorXd injected(const Eigen::VectorXd& x);

  Eigen::Index dim() const noexcept { return mean_.size(); }
  Eigen::Index population() const noexcept { return population_; }
  Eigen::Index generation() const noexcept { return generation_; } ///< Number of tells.
  const cma_strategy& strategy() const noexcept { return strategy_; }
  const Eigen::VectorXd& mean() const noexcept { return mean_; }
  void set_mean(Eigen::VectorXd mean) { mean_ = std::move(mean); }
  double sigma() const noexcept { return sigma_; }
  const Eigen::VectorXd& p_sigma() const noexcept { return p_sigma_; }
  const Eigen::VectorXd& p_c() const noexcept { return p_c_; }
  const covariance& shape() const noexcept { return *shape_; }
  const std::optional<learning_rate>& rate() const noexcept { return rate_; }

private:
  Eigen::VectorXd draw(random_stream& random);
  void remember(double best, double worst);
  bool is_flat() const;

  Eigen::Index population_;
  cma_strategy strategy_;
  Eigen::VectorXd mean_;
  double sigma_;
  double sigma0_;
  Eigen::VectorXd p_sigma_;
  Eigen::VectorXd p_c_;
  std::unique_ptr<covariance> shape_;
  std::optional<learning_rate> rate_;
  Eigen::Index generation_ = 0;
  std::vector<double> recent_; ///< Best and worst value of the last generations, a ring.
};

} // namespace troupe
