#pragma once

#include "base/json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <Eigen/Core>
#include <cmath>

namespace troupe {

inline Eigen::VectorXd to_vector(const boost::json::value& v) {
  const auto& list = v.as_array();
  Eigen::VectorXd x(static_cast<Eigen::Index>(list.size()));
  for (Eigen::Index i = 0; i < x.size(); ++i)
    x[i] = as_number(list[static_cast<std::size_t>(i)]);
  return x;
}

/// Returns a matrix whose columns are the elements of a list of lists.
inline Eigen::MatrixXd to_columns(const boost::json::value& v) {
  const auto& list = v.as_array();
  Eigen::MatrixXd m(static_cast<Eigen::Index>(list.at(0).as_array().size()),
                    static_cast<Eigen::Index>(list.size()));
  for (Eigen::Index i = 0; i < m.cols(); ++i)
    m.col(i) = to_vector(list[static_cast<std::size_t>(i)]);
  return m;
}

/// Returns the upper triangle, row by row.
inline Eigen::VectorXd upper_triangle(const Eigen::MatrixXd& m) {
  Eigen::VectorXd x(m.rows() * (m.rows() + 1) / 2);
  Eigen::Index next = 0;
  for (Eigen::Index i = 0; i < m.rows(); ++i)
    for (Eigen::Index j = i; j < m.rows(); ++j)
      x[next++] = m(i, j);
  return x;
}

/// Returns the symmetric matrix of `dim` rows that upper_triangle makes `v` of.
inline Eigen::MatrixXd from_upper_triangle(const Eigen::VectorXd& v, Eigen::Index dim) {
  Eigen::MatrixXd m(dim, dim);
  Eigen::Index next = 0;
  for (Eigen::Index i = 0; i < dim; ++i)
    for (Eigen::Index j = i; j < dim; ++j)
      m(i, j) = m(j, i) = v[next++];
  return m;
}

/// Returns the largest difference of `got` from `wanted`, relative to the largest entry of
/// `wanted`.
inline double deviation(const Eigen::VectorXd& got, const Eigen::VectorXd& wanted) {
  if (got.size() != wanted.size()) return INFINITY;
  const double largest = wanted.cwiseAbs().maxCoeff();
  const double difference = (got - wanted).cwiseAbs().maxCoeff();
  return largest > 0 ? difference / largest : difference;
}

} // namespace troupe
