#include "search/searchers/gp/regression.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace troupe::gp {

namespace {

constexpr double least_variance = 1e-12; ///< Its logarithm and its root's slope are finite.
constexpr Eigen::Index panel = 64;       ///< Points that are predicted together.

/// Returns the lower triangle of the observations' covariance matrix.
Eigen::MatrixXd covariance_matrix(const kernel& k, const Eigen::MatrixXd& points) {
  const Eigen::Index n = points.rows();
  Eigen::MatrixXd c = Eigen::MatrixXd::Zero(n, n);
  for (Eigen::Index j = 0; j < n; ++j)
    c.col(j).tail(n - j) = k.covariances(k.distances(points, points.row(j), n - j));
  c.diagonal().array() += k.parameters().noise;
  return c;
}

} // namespace

regression::regression(const kernel_parameters& parameters, const observations& data)
    : kernel_{parameters, data.categorical},
      points_{data.points},
      observed_{data.points.rows()} {
  auto f = factor(covariance_matrix(kernel_, points_));
  if (!f) throw std::domain_error{"the covariance matrix of the observations is singular"};
  inverse_ = std::move(f->inverse);
  white_values_ = inverse_.triangularView<Eigen::Lower>() * data.values;
}

double regression::variance(double explained) const {
  return std::max(kernel_.parameters().scale - explained, 0.0) + least_variance;
}

void regression::await(const Eigen::VectorXd& x) {
  const auto p = predict(x);
  const double deviation = std::sqrt(p.variance);
  const Eigen::Index n = points_.rows();
  Eigen::VectorXd pulls(p.pulls.size() + 1);
  pulls << p.pulls, deviation;
  awaited_.push_back({p.mean, std::move(pulls)});
  points_.conservativeResize(n + 1, Eigen::NoChange);
  points_.row(n) = x;
  triangle larger = triangle::Zero(n + 1, n + 1);
  larger.topLeftCorner(n, n) = inverse_;
  larger.row(n).head(n) =
      -(inverse_.transpose().triangularView<Eigen::Upper>() * p.white).transpose() / deviation;
  larger(n, n) = 1 / deviation;
  inverse_ = std::move(larger);
  white_values_.conservativeResize(n + 1);
  white_values_[n] = 0;
}

Eigen::VectorXd regression::awaited(const Eigen::VectorXd& z) const {
  Eigen::VectorXd values(awaited_count());
  for (Eigen::Index i = 0; i < values.size(); ++i) {
    const auto& a = awaited_[static_cast<std::size_t>(i)];
    values[i] = a.mean + a.pulls.dot(z.head(i + 1));
  }
  return values;
}

prediction regression::predict(const Eigen::VectorXd& x) const {
  auto k = kernel_.with_slopes(kernel_.distances(points_, x, points_.rows()));
  Eigen::VectorXd white = inverse_.triangularView<Eigen::Lower>() * k.covariances.matrix();
  const double mean = white.dot(white_values_);
  const double left = variance(white.squaredNorm());
  Eigen::VectorXd pulls = white.tail(awaited_count());
  return {mean, left, std::move(pulls), std::move(white), std::move(k.slopes)};
}

/// Returns the covariances of all rows with the columns of `points`.
Eigen::MatrixXd regression::covariances(const Eigen::MatrixXd& points) const {
  Eigen::MatrixXd k(points_.rows(), points.cols());
  for (Eigen::Index i = 0; i < points.cols(); ++i)
    k.col(i) = kernel_.covariances(kernel_.distances(points_, points.col(i), points_.rows()));
  return k;
}

predictions regression::predict_all(const Eigen::MatrixXd& points) const {
  const Eigen::Index count = points.cols();
  predictions all{Eigen::VectorXd(count), Eigen::VectorXd(count),
                  Eigen::MatrixXd(awaited_count(), count)};
  for (Eigen::Index first = 0; first < count; first += panel) {
    const Eigen::Index size = std::min(panel, count - first);
    const Eigen::MatrixXd white =
        inverse_.triangularView<Eigen::Lower>() * covariances(points.middleCols(first, size));
    all.means.segment(first, size) = white.transpose() * white_values_;
    for (Eigen::Index i = 0; i < size; ++i)
      all.variances[first + i] = variance(white.col(i).squaredNorm());
    all.pulls.middleCols(first, size) = white.bottomRows(awaited_count());
  }
  return all;
}

predictions regression::sketch(const Eigen::MatrixXd& points) const {
  const Eigen::Index count = points.cols();
  const Eigen::Index some = (observed_ + 3) / 4;
  const Eigen::VectorXd weights =
      inverse_.transpose().triangularView<Eigen::Upper>() * white_values_;
  predictions all{Eigen::VectorXd(count), Eigen::VectorXd(count), Eigen::MatrixXd(0, count)};
  for (Eigen::Index first = 0; first < count; first += panel) {
    const Eigen::Index size = std::min(panel, count - first);
    const auto k = covariances(points.middleCols(first, size));
    all.means.segment(first, size) = k.transpose() * weights;
    const Eigen::MatrixXd white =
        inverse_.topLeftCorner(some, some).triangularView<Eigen::Lower>() * k.topRows(some);
    for (Eigen::Index i = 0; i < size; ++i)
      all.variances[first + i] = variance(white.col(i).squaredNorm());
  }
  return all;
}

Eigen::VectorXd regression::gradient(const Eigen::VectorXd& x, const prediction& p,
                                     const by_prediction& derivatives) const {
  Eigen::VectorXd by_white = derivatives.mean * white_values_ - 2 * derivatives.variance * p.white;
  by_white.tail(derivatives.pulls.size()) += derivatives.pulls;
  const Eigen::VectorXd by_covariances =
      inverse_.transpose().triangularView<Eigen::Upper>() * by_white;
  const Eigen::ArrayXd by_distances = p.slopes * by_covariances.array();
  Eigen::VectorXd result = Eigen::VectorXd::Zero(x.size());
  for (Eigen::Index d = 0; d < x.size(); ++d)
    if (!kernel_.categorical()[static_cast<std::size_t>(d)])
      result[d] = 2 * kernel_.parameters().relevances[d] *
                  ((x[d] - points_.col(d).array()) * by_distances).sum();
  return result;
}

} // namespace troupe::gp
