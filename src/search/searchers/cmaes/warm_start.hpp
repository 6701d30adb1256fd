#pragma once

#include <Eigen/Core>

namespace troupe {

/// Where a CMA-ES starts if a similar problem has been solved before.
struct cma_start {
  Eigen::VectorXd mean;
  double sigma = 0;
  Eigen::MatrixXd covariance; ///< Of determinant 1.
};

/// Returns the normal distribution of the best `gamma` of the source's points, widened by `alpha`
/// in every direction (Nomura et al., "Warm starting CMA-ES for hyperparameter optimization",
/// 2021). `x` has a point per column, `values` what they are worth, less is better. Throws
/// std::invalid_argument unless 0 < gamma <= 1 chooses at least one point.
cma_start warm_start(const Eigen::MatrixXd& x, const Eigen::VectorXd& values, double gamma = 0.1,
                     double alpha = 0.1);

} // namespace troupe
