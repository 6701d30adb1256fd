#pragma once

#include "search/searchers/cmaes/strategy.hpp"

#include <Eigen/Core>
#include <memory>

namespace troupe {

/// What one generation teaches a covariance.
struct covariance_lesson {
  const Eigen::VectorXd& path;  ///< The evolution path p_c, after the generation.
  const Eigen::MatrixXd& steps; ///< (x - mean) / sigma as columns, best first.
  bool path_stalled;            ///< The path was not moved, as the step size grows too fast.
};

/// The shape C of the distribution N(mean, sigma² C) that a CMA-ES samples.
///
/// C = B D² Bᵀ is factorised when somebody asks for what needs it, once per change.
class covariance {
public:
  virtual ~covariance() = default;

  /// Returns B D z, which has the covariance C if z is standard normal.
  virtual Eigen::VectorXd stretch(const Eigen::VectorXd& z) = 0;

  /// Returns C^(-1/2) y.
  virtual Eigen::VectorXd whiten(const Eigen::VectorXd& y) = 0;

  /// Learns from a generation (equations 46 and 47).
  virtual void learn(const cma_strategy& s, const covariance_lesson& lesson) = 0;

  /// Returns C's diagonal.
  virtual Eigen::VectorXd variances() const = 0;

  /// Returns D, in ascending order if C is full.
  virtual const Eigen::VectorXd& deviations() = 0;

  /// Returns the principal axis `i`, as long as its standard deviation.
  virtual Eigen::VectorXd axis(Eigen::Index i) = 0;

  virtual Eigen::MatrixXd matrix() const = 0;
  virtual Eigen::MatrixXd inverse_root() = 0; ///< C^(-1/2).
  virtual void assign(const Eigen::MatrixXd& c) = 0;
};

/// Makes a covariance that begins as `c`, a symmetric positive definite matrix.
std::unique_ptr<covariance> make_full_covariance(Eigen::MatrixXd c);

/// Makes a diagonal covariance that begins as the identity.
std::unique_ptr<covariance> make_diagonal_covariance(Eigen::Index dim);

} // namespace troupe
