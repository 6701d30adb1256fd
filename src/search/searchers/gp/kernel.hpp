#pragma once

#include <Eigen/Core>
#include <vector>

namespace troupe::gp {

/// What is fitted to the observations.
struct kernel_parameters {
  Eigen::ArrayXd relevances; ///< Per column, the inverse square of its length scale.
  double scale = 1;          ///< The variance of the function.
  double noise = 1;          ///< The variance of an observation about the function.
};

/// The Matérn 5/2 covariance with a length scale per column:
///
///     k(x, x') = scale (1 + r + r²/3) exp(-r),  r² = 5 q,  q = Σ relevance_d Δ_d²
///
/// Δ is the difference, and in categorical columns 0 or 1: equal or not (the Hamming distance).
/// (Rasmussen and Williams, "Gaussian processes for machine learning", 2006, chapter 4.)
class kernel {
public:
  /// One parameter and one flag per column.
  kernel(kernel_parameters parameters, std::vector<bool> categorical)
      : parameters_{std::move(parameters)},
        categorical_{std::move(categorical)} {}

  const kernel_parameters& parameters() const noexcept { return parameters_; }
  const std::vector<bool>& categorical() const noexcept { return categorical_; }

  /// Returns q between `x` and the last `count` rows of `points`.
  Eigen::ArrayXd distances(const Eigen::MatrixXd& points, const Eigen::VectorXd& x,
                           Eigen::Index count) const;

  /// Returns Δ² in the column `d` between `x` and the last `count` rows of `points`.
  Eigen::ArrayXd differences(const Eigen::MatrixXd& points, double x, Eigen::Index d,
                             Eigen::Index count) const;

  /// Returns the covariances at the distances `q`.
  Eigen::ArrayXd covariances(const Eigen::ArrayXd& q) const;

  struct sloped {
    Eigen::ArrayXd covariances;
    Eigen::ArrayXd slopes; ///< Their derivatives by q.
  };

  /// Returns the same with derivatives, at little extra cost.
  sloped with_slopes(const Eigen::ArrayXd& q) const;

private:
  kernel_parameters parameters_;
  std::vector<bool> categorical_;
};

} // namespace troupe::gp
