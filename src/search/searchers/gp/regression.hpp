#pragma once

#include "search/numbers/factor.hpp"
#include "search/searchers/gp/fit.hpp"
#include "search/searchers/gp/kernel.hpp"

#include <Eigen/Core>
#include <vector>

namespace troupe::gp {

/// What a Gaussian process says about its value at a point.
///
/// With points at which results are awaited, their values count as known, but unknown to us: given
/// independent standard normal numbers z_j, one for each, the values there are what `regression`'s
/// awaited() says, and the value here is normal with the mean `mean + pulls · z`.
struct prediction {
  double mean;
  double variance; ///< At least 1e-12.
  Eigen::VectorXd pulls;
  Eigen::VectorXd white; ///< The covariances with all points, made independent of each other.
  Eigen::ArrayXd slopes; ///< Those of the covariances.
};

/// The same for many points, a column each.
struct predictions {
  Eigen::VectorXd means, variances;
  Eigen::MatrixXd pulls;
};

/// The derivatives of a function by what a prediction says.
struct by_prediction {
  double mean = 0;
  double variance = 0;
  Eigen::VectorXd pulls;
};

/// A Gaussian process given observations, with known parameters.
///
/// Its covariance matrix is factored once; a point more costs O(n²).
class regression {
public:
  /// Throws std::domain_error if the covariance matrix cannot be factored; least_noise prevents
  /// that.
  regression(const kernel_parameters& parameters, const observations& data);

  /// Adds a point at which a result is awaited.
  void await(const Eigen::VectorXd& x);

  const kernel& covariance() const noexcept { return kernel_; }

  Eigen::Index observed_count() const noexcept { return observed_; }

  /// Returns how many results are awaited.
  Eigen::Index awaited_count() const noexcept { return points_.rows() - observed_; }

  /// Returns the length scale of each column.
  Eigen::ArrayXd lengths() const { return kernel_.parameters().relevances.rsqrt(); }

  /// Returns the values at the awaited points that belong to the standard normal numbers `z`.
  Eigen::VectorXd awaited(const Eigen::VectorXd& z) const;

  prediction predict(const Eigen::VectorXd& x) const;

  /// Returns predictions for the columns of `points`.
  predictions predict_all(const Eigen::MatrixXd& points) const;

  /// The same at a fraction of the cost, while no results are awaited: the variances are those
  /// that a quarter of the observations leave, and so too large.
  predictions sketch(const Eigen::MatrixXd& points) const;

  /// Returns the derivatives by x of a function of the prediction `p` at `x`; 0 in categorical
  /// columns.
  Eigen::VectorXd gradient(const Eigen::VectorXd& x, const prediction& p,
                           const by_prediction& derivatives) const;

private:
  /// The value at an awaited point is mean + pulls · z, of the numbers z up to its own.
  struct pending {
    double mean;
    Eigen::VectorXd pulls;
  };

  double variance(double explained) const;
  Eigen::MatrixXd covariances(const Eigen::MatrixXd& points) const;

  kernel kernel_;
  Eigen::MatrixXd points_; ///< Observed ones, then awaited ones.
  Eigen::Index observed_;
  triangle inverse_;             ///< Of the covariance matrix's factor.
  Eigen::VectorXd white_values_; ///< inverse_ times the observations, and 0 for awaited ones.
  std::vector<pending> awaited_;
};

} // namespace troupe::gp
