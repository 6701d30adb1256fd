#pragma once

#include "search/searchers/gp/fit.hpp"

#include <troupe/random.hpp>

#include <Eigen/Cholesky>
#include <cmath>
#include <numbers>
#include <vector>

/// Observations, and what the textbook makes of them, by dense matrices and without any trick.
namespace troupe::gp {

/// The columns of a small problem, of which the second is categorical, and a kernel for it.
inline const std::vector<bool> columns{false, true, false};
inline const kernel_parameters parameters{Eigen::Array3d{8, 1, 3}, 1.5, 0.02};

inline double normal(random_stream& random) {
  const double radius = std::sqrt(-2 * std::log1p(-random.uniform()));
  return radius * std::cos(2 * std::numbers::pi * random.uniform());
}

/// Returns a point of the unit cube; a categorical column has 3 choices.
inline Eigen::VectorXd random_point(const std::vector<bool>& categorical, random_stream& random) {
  Eigen::VectorXd x(static_cast<Eigen::Index>(categorical.size()));
  for (Eigen::Index d = 0; d < x.size(); ++d)
    x[d] = categorical[static_cast<std::size_t>(d)] ? static_cast<double>(random.below(3))
                                                    : random.uniform();
  return x;
}

/// Returns `n` observations at random points, of standard normal values.
inline observations random_observations(Eigen::Index n, std::vector<bool> categorical,
                                        random_stream& random) {
  observations data{Eigen::MatrixXd(n, static_cast<Eigen::Index>(categorical.size())),
                    Eigen::VectorXd(n), categorical};
  for (Eigen::Index i = 0; i < n; ++i) {
    data.points.row(i) = random_point(categorical, random);
    data.values[i] = normal(random);
  }
  return data;
}

inline double matern(const kernel_parameters& p, const std::vector<bool>& categorical,
                     const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
  double q = 0;
  for (Eigen::Index d = 0; d < a.size(); ++d) {
    const double difference = a[d] - b[d];
    q += p.relevances[d] * (categorical[static_cast<std::size_t>(d)] ? (difference != 0 ? 1.0 : 0.0)
                                                                     : difference * difference);
  }
  const double r = std::sqrt(5 * q);
  return p.scale * (1 + r + r * r / 3) * std::exp(-r);
}

/// Returns the covariances of the function at the rows of `a` with those of `b`.
inline Eigen::MatrixXd dense_covariances(const kernel_parameters& p, const observations& data,
                                         const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
  Eigen::MatrixXd c(a.rows(), b.rows());
  for (Eigen::Index i = 0; i < a.rows(); ++i)
    for (Eigen::Index j = 0; j < b.rows(); ++j)
      c(i, j) = matern(p, data.categorical, a.row(i), b.row(j));
  return c;
}

struct joint_normal {
  Eigen::VectorXd mean;
  Eigen::MatrixXd covariance;
};

/// Returns the posterior of the function at the rows of `points`.
inline joint_normal dense_posterior(const kernel_parameters& p, const observations& data,
                                    const Eigen::MatrixXd& points) {
  Eigen::MatrixXd c = dense_covariances(p, data, data.points, data.points);
  c.diagonal().array() += p.noise;
  const Eigen::MatrixXd cross = dense_covariances(p, data, points, data.points);
  const Eigen::LDLT<Eigen::MatrixXd> solver{c};
  return {cross * solver.solve(data.values),
          dense_covariances(p, data, points, points) - cross * solver.solve(cross.transpose())};
}

/// Returns the central difference of `f` at `x`.
template <class Function>
Eigen::VectorXd differences(const Function& f, const Eigen::VectorXd& x, double step = 1e-5) {
  Eigen::VectorXd slopes(x.size());
  for (Eigen::Index d = 0; d < x.size(); ++d) {
    Eigen::VectorXd above = x;
    Eigen::VectorXd below = x;
    above[d] += step;
    below[d] -= step;
    slopes[d] = (f(above) - f(below)) / (2 * step);
  }
  return slopes;
}

} // namespace troupe::gp
