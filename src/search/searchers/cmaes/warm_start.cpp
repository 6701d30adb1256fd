#include "search/searchers/cmaes/warm_start.hpp"

#include <fmt/format.h>

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <vector>

namespace troupe {

cma_start warm_start(const Eigen::MatrixXd& x, const Eigen::VectorXd& values, double gamma,
                     double alpha) {
  const auto chosen =
      static_cast<Eigen::Index>(std::floor(static_cast<double>(values.size()) * gamma));
  if (!(gamma > 0 && gamma <= 1) || chosen < 1)
    throw std::invalid_argument{fmt::format(
        "a warm start from the best {:g} of {} points has nothing to start from: give at least {} "
        "points",
        gamma, values.size(), gamma > 0 ? std::ceil(1 / gamma) : 1)};
  std::vector<Eigen::Index> order(static_cast<std::size_t>(values.size()));
  std::iota(order.begin(), order.end(), Eigen::Index{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](Eigen::Index a, Eigen::Index b) { return values[a] < values[b]; });
  order.resize(static_cast<std::size_t>(chosen));

  const Eigen::MatrixXd best = x(Eigen::all, order);
  const auto n = static_cast<double>(x.rows());
  cma_start start;
  start.mean = best.rowwise().mean();
  const Eigen::MatrixXd covariance = alpha * alpha * Eigen::MatrixXd::Identity(x.rows(), x.rows()) +
                                     best * best.transpose() / static_cast<double>(chosen) -
                                     start.mean * start.mean.transpose();
  const double det = covariance.determinant();
  start.sigma = std::pow(det, 1 / (2 * n));
  start.covariance = covariance / std::pow(det, 1 / n);
  return start;
}

} // namespace troupe
