#pragma once

#include <troupe/random.hpp>

#include <Eigen/Core>

namespace troupe {

/// Draws a vector of independent standard normal numbers.
Eigen::VectorXd standard_normal(random_stream& random, Eigen::Index size);

/// Returns the share of the standard normal distribution below `z`.
double normal_cdf(double z);

/// Returns the number that a standard normal one exceeds with probability `p`, 0 < p < 1.
double normal_upper_quantile(double p);

} // namespace troupe
