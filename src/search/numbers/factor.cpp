#include "search/numbers/factor.hpp"

#include <Eigen/Cholesky>

namespace troupe::gp {

namespace {

constexpr Eigen::Index block = 32;

/// Replaces the lower triangle `l` by its inverse, in halves.
void invert(Eigen::Ref<triangle, 0, Eigen::OuterStride<>> l) {
  const Eigen::Index n = l.rows();
  if (n <= block) {
    triangle inverse = triangle::Identity(n, n);
    l.triangularView<Eigen::Lower>().solveInPlace(inverse);
    l = inverse;
    return;
  }
  const Eigen::Index half = n / 2;
  const Eigen::Index rest = n - half;
  invert(l.topLeftCorner(half, half));
  invert(l.bottomRightCorner(rest, rest));
  const triangle below = l.bottomLeftCorner(rest, half);
  const triangle product = l.bottomRightCorner(rest, rest).triangularView<Eigen::Lower>() * below;
  l.bottomLeftCorner(rest, half) =
      -(product * l.topLeftCorner(half, half).triangularView<Eigen::Lower>());
}

} // namespace

std::optional<factored> factor(Eigen::MatrixXd c) {
  const Eigen::LLT<Eigen::Ref<Eigen::MatrixXd>> cholesky{c};
  if (cholesky.info() != Eigen::Success) return std::nullopt;
  factored f{triangle::Zero(c.rows(), c.cols()), 0};
  f.log_det = c.diagonal().array().log().sum();
  f.inverse.triangularView<Eigen::Lower>() = c;
  invert(f.inverse);
  return f;
}

Eigen::MatrixXd squared(const triangle& inverse) {
  const Eigen::Index n = inverse.rows();
  Eigen::MatrixXd product = Eigen::MatrixXd::Zero(n, n);
  for (Eigen::Index row = 0; row < n; row += block) { // a block of rows ends at its diagonal
    const Eigen::Index rows = std::min(block, n - row);
    const Eigen::Index end = row + rows;
    product.topLeftCorner(end, end).selfadjointView<Eigen::Lower>().rankUpdate(
        inverse.block(row, 0, rows, end).transpose());
  }
  return product;
}

} // namespace troupe::gp
