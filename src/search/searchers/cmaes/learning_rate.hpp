#pragma once

#include <Eigen/Core>

namespace troupe {

/// The part of a distribution N(mean, sigma² C) that learning rates act on.
struct cma_moment {
  Eigen::VectorXd mean;
  double sigma = 0;
  Eigen::MatrixXd c;
};

/// Learning rate adaptation (Nomura, Akimoto and Ono, "CMA-ES with learning rate adaptation: can
/// CMA-ES with default population size solve multimodal and noisy problems?", 2023): shortens the
/// steps of mean and covariance so far that their signal stands out of their noise.
class learning_rate {
public:
  explicit learning_rate(Eigen::Index dim);

  /// Returns what stands between `before` and `after`, one generation later, at the learning rates
  /// that it adapts first. `inverse_root` is before.c^(-1/2).
  cma_moment moderate(const cma_moment& before, const cma_moment& after,
                      const Eigen::MatrixXd& inverse_root);

  double eta_mean() const noexcept { return mean_.eta; }
  double eta_sigma() const noexcept { return shape_.eta; }

private:
  /// One learning rate, and moving averages of the steps that it scales.
  struct track {
    double beta;             ///< The rate of the averages.
    Eigen::VectorXd average; ///< Of the steps,
    double square = 0;       ///< and of their squared lengths.
    double eta = 1;

    void adapt(const Eigen::VectorXd& step);
  };

  track mean_, shape_;
};

} // namespace troupe
