#include "search/searchers/cmaes/learning_rate.hpp"

#include "search/searchers/cmaes/strategy.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

namespace troupe {

namespace {

constexpr double wanted_ratio = 1.4; ///< Of signal to noise, per learning rate.
constexpr double gain = 0.1;

/// Returns the sigma for which `sigma_c` / sigma² has the determinant 1.
double scale_of(const Eigen::MatrixXd& sigma_c) {
  const auto solver =
      Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>{sigma_c, Eigen::EigenvaluesOnly};
  const double log_det = solver.eigenvalues().array().log().sum();
  return std::min(std::exp(log_det / 2 / static_cast<double>(sigma_c.rows())), largest_sigma);
}

} // namespace

learning_rate::learning_rate(Eigen::Index dim)
    : mean_{0.1, Eigen::VectorXd::Zero(dim)},
      shape_{0.03, Eigen::VectorXd::Zero(dim * dim)} {}

void learning_rate::track::adapt(const Eigen::VectorXd& step) {
  average = (1 - beta) * average + beta * step;
  square = (1 - beta) * square + beta * step.squaredNorm();
  const double signal = average.squaredNorm();
  const double ratio = (signal - beta / (2 - beta) * square) / (square - signal);
  // Steps of length 0 have no ratio; they carry no signal either.
  const double surplus = std::isfinite(ratio) ? ratio / wanted_ratio / eta - 1 : -1;
  eta *= std::exp(std::min(gain * eta, beta) * std::clamp(surplus, -1.0, 1.0));
  eta = std::min(eta, 1.0);
}

cma_moment learning_rate::moderate(const cma_moment& before, const cma_moment& after,
                                   const Eigen::MatrixXd& inverse_root) {
  const Eigen::VectorXd mean_step = after.mean - before.mean;
  const Eigen::MatrixXd old_shape = before.sigma * before.sigma * before.c;
  const Eigen::MatrixXd shape_step = after.sigma * after.sigma * after.c - old_shape;
  const Eigen::MatrixXd local = inverse_root / before.sigma;
  const Eigen::MatrixXd local_step = local * shape_step * local / std::sqrt(2.0);

  const double eta_before = mean_.eta;
  mean_.adapt(local * mean_step);
  shape_.adapt(local_step.reshaped());

  const Eigen::MatrixXd shape = old_shape + shape_.eta * shape_step;
  const double sigma = scale_of(shape);
  return {before.mean + mean_.eta * mean_step, sigma * (eta_before / mean_.eta),
          shape / (sigma * sigma)};
}

} // namespace troupe
