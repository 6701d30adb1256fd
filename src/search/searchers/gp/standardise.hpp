#pragma once

#include <Eigen/Core>

namespace troupe::gp {

/// Values moved and stretched to mean 0 and standard deviation 1; equal ones become 0.
struct standardised {
  Eigen::VectorXd values;
  double mean, deviation; ///< What they had; the deviation is at least 1e-10.
};

/// Infinite values count as the largest or smallest finite one, NaN as the smallest.
standardised standardise(Eigen::VectorXd values);

} // namespace troupe::gp
