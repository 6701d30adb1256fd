#include "search/searchers/gp/kernel.hpp"

namespace troupe::gp {

Eigen::ArrayXd kernel::differences(const Eigen::MatrixXd& points, double x, Eigen::Index d,
                                   Eigen::Index count) const {
  const auto column = points.col(d).tail(count).array();
  if (categorical_[static_cast<std::size_t>(d)]) return (column != x).cast<double>();
  return (column - x).square();
}

Eigen::ArrayXd kernel::distances(const Eigen::MatrixXd& points, const Eigen::VectorXd& x,
                                 Eigen::Index count) const {
  Eigen::ArrayXd q = Eigen::ArrayXd::Zero(count);
  for (Eigen::Index d = 0; d < points.cols(); ++d) {
    const auto column = points.col(d).tail(count).array();
    if (categorical_[static_cast<std::size_t>(d)])
      q += parameters_.relevances[d] * (column != x[d]).cast<double>();
    else
      q += parameters_.relevances[d] * (column - x[d]).square();
  }
  return q;
}

Eigen::ArrayXd kernel::covariances(const Eigen::ArrayXd& q) const {
  const Eigen::ArrayXd r = (5 * q).sqrt();
  return parameters_.scale * (1 + r + (5.0 / 3) * q) * (-r).exp();
}

kernel::sloped kernel::with_slopes(const Eigen::ArrayXd& q) const {
  const Eigen::ArrayXd r = (5 * q).sqrt();
  const Eigen::ArrayXd decay = parameters_.scale * (-r).exp();
  return {(1 + r + (5.0 / 3) * q) * decay, (-5.0 / 6) * (1 + r) * decay};
}

} // namespace troupe::gp
