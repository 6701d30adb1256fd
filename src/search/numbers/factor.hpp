#pragma once

#include <Eigen/Core>
#include <optional>

namespace troupe::gp {

/// A lower triangle; the rest is 0.
using triangle = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// A covariance matrix C = L Lᵀ, taken apart.
struct factored {
  triangle inverse; ///< The inverse of L.
  double log_det;   ///< The logarithm of the determinant of L.
};

/// Takes apart the symmetric matrix whose lower triangle is in `c`. Returns none if it is not
/// positive definite, as far as doubles can tell.
std::optional<factored> factor(Eigen::MatrixXd c);

/// Returns the lower triangle of inverseᵀ inverse, that is of the inverse of C.
Eigen::MatrixXd squared(const triangle& inverse);

} // namespace troupe::gp
