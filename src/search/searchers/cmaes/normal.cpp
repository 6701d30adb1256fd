#include "search/searchers/cmaes/normal.hpp"

#include <boost/math/special_functions/erf.hpp>

#include <cmath>
#include <numbers>

namespace troupe {

// Box and Muller: two uniform numbers make two normal ones.
Eigen::VectorXd standard_normal(random_stream& random, Eigen::Index size) {
  Eigen::VectorXd z(size);
  for (Eigen::Index i = 0; i < size; i += 2) {
    const double radius = std::sqrt(-2 * std::log(1 - random.uniform()));
    const double angle = 2 * std::numbers::pi * random.uniform();
    z[i] = radius * std::cos(angle);
    if (i + 1 < size) z[i + 1] = radius * std::sin(angle);
  }
  return z;
}

double normal_cdf(double z) {
  return std::erfc(-z / std::numbers::sqrt2) / 2;
}

double normal_upper_quantile(double p) {
  using policy = boost::math::policies::policy<boost::math::policies::promote_double<false>>;
  return std::numbers::sqrt2 * boost::math::erfc_inv(2 * p, policy{});
}

} // namespace troupe
