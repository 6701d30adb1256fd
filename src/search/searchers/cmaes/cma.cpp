#include "search/searchers/cmaes/cma.hpp"

#include "search/searchers/cmaes/normal.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace troupe {

namespace {

constexpr Eigen::Index resampling_per_dim = 10;

/// When to stop.
/// @{
constexpr double flat_values = 1e-12;
constexpr double flat_distribution = 1e-12; ///< Relative to the initial sigma.
constexpr double burst_distribution = 1e4;
constexpr double worst_condition = 1e14;
/// @}

bool is_inside(const Eigen::VectorXd& x, const cma_box& box) {
  return (x.array() >= box.low.array()).all() && (x.array() <= box.high.array()).all();
}

/// Returns the order of the values, least first.
std::vector<Eigen::Index> ranking(const Eigen::VectorXd& values) {
  std::vector<Eigen::Index> order(static_cast<std::size_t>(values.size()));
  std::iota(order.begin(), order.end(), Eigen::Index{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](Eigen::Index a, Eigen::Index b) { return values[a] < values[b]; });
  return order;
}

std::unique_ptr<covariance> first_shape(const cma_options& options) {
  const auto dim = options.mean.size();
  if (options.separable) return make_diagonal_covariance(dim);
  if (options.covariance.size() == 0)
    return make_full_covariance(Eigen::MatrixXd::Identity(dim, dim));
  return make_full_covariance(options.covariance);
}

/// Returns for how many generations values are remembered.
std::size_t memory(Eigen::Index dim, Eigen::Index population) {
  return 10 + static_cast<std::size_t>((30 * dim + population - 1) / population);
}

} // namespace

cma::cma(const cma_options& options)
    : population_{options.population > 0 ? options.population
                                         : default_population(options.mean.size())},
      strategy_{options.separable ? separable_strategy(options.mean.size(), population_)
                                  : full_strategy(options.mean.size(), population_)},
      mean_{options.mean},
      sigma_{options.sigma},
      sigma0_{options.sigma},
      p_sigma_{Eigen::VectorXd::Zero(options.mean.size())},
      p_c_{p_sigma_},
      shape_{first_shape(options)},
      recent_(2 * memory(dim(), population_)) {
  if (options.lr_adapt) rate_.emplace(dim());
}

Eigen::VectorXd cma::draw(random_stream& random) {
  return mean_ + sigma_ * shape_->stretch(standard_normal(random, dim()));
}

Eigen::VectorXd cma::ask(random_stream& random, const cma_box& box) {
  Eigen::VectorXd x = draw(random);
  for (Eigen::Index i = 0; i < resampling_per_dim * dim() && !is_inside(x, box); ++i)
    x = draw(random);
  return x.cwiseMax(box.low).cwiseMin(box.high);
}

Eigen::VectorXd cma::injected(const Eigen::VectorXd& x) {
  const auto n = static_cast<double>(dim());
  const double length = shape_->whiten(x - mean_).norm() / sigma_;
  const double longest = std::sqrt(n) + 2 * n / (n + 2);
  return length > longest ? Eigen::VectorXd{mean_ + (x - mean_) * (longest / length)} : x;
}

void cma::remember(double best, double worst) {
  const auto at = 2 * static_cast<std::size_t>(generation_) % recent_.size();
  recent_[at] = best;
  recent_[at + 1] = worst;
}

void cma::tell(const Eigen::MatrixXd& x, const Eigen::VectorXd& values) {
  const auto& s = strategy_;
  const auto order = ranking(values);
  ++generation_;
  remember(values[order.front()], values[order.back()]);
  auto before = cma_moment{};
  if (rate_) before = {mean_, sigma_, shape_->matrix()};
  const Eigen::MatrixXd inverse_root = rate_ ? shape_->inverse_root() : Eigen::MatrixXd{};

  const Eigen::MatrixXd steps = (x(Eigen::all, order).colwise() - mean_) / sigma_;
  const Eigen::VectorXd step = steps.leftCols(s.parents) * s.weights.head(s.parents); // eq. 41
  mean_ += sigma_ * step;

  p_sigma_ = (1 - s.c_sigma) * p_sigma_ +
             std::sqrt(s.c_sigma * (2 - s.c_sigma) * s.mu_eff) * shape_->whiten(step);
  const double length = p_sigma_.norm();
  sigma_ =
      std::min(sigma_ * std::exp(s.c_sigma / s.d_sigma * (length / s.chi_n - 1)), largest_sigma);

  const double unbiased =
      length / std::sqrt(1 - std::pow(1 - s.c_sigma, 2 * static_cast<double>(generation_ + 1)));
  const bool stalled = !(unbiased < (1.4 + 2 / static_cast<double>(dim() + 1)) * s.chi_n);
  p_c_ *= 1 - s.cc;
  if (!stalled) p_c_ += std::sqrt(s.cc * (2 - s.cc) * s.mu_eff) * step; // eq. 45
  shape_->learn(s, {p_c_, steps, stalled});

  if (!rate_) return;
  auto moderated = rate_->moderate(before, {mean_, sigma_, shape_->matrix()}, inverse_root);
  mean_ = std::move(moderated.mean);
  sigma_ = moderated.sigma;
  shape_->assign(moderated.c);
}

bool cma::is_flat() const {
  if (2 * static_cast<std::size_t>(generation_) <= recent_.size()) return false;
  const auto [least, most] = std::minmax_element(recent_.begin(), recent_.end());
  return *most - *least < flat_values;
}

// The rules are those of cmaes 0.13.1, signs and missing square roots included.
bool cma::should_stop() {
  if (is_flat()) return true;
  const Eigen::VectorXd variances = shape_->variances();
  if (!mean_.allFinite() || !std::isfinite(sigma_) || !variances.allFinite()) return true;

  const double negligible = flat_distribution * sigma0_;
  if ((sigma_ * variances.array() < negligible).all() && (sigma_ * p_c_.array() < negligible).all())
    return true;

  const Eigen::VectorXd& deviations = shape_->deviations();
  if (sigma_ * deviations.maxCoeff() > burst_distribution) return true;
  if (deviations.maxCoeff() / deviations.minCoeff() > worst_condition) return true;

  const Eigen::VectorXd moved = mean_ + 0.2 * sigma_ * variances.cwiseSqrt();
  if ((mean_.array() == moved.array()).any()) return true;
  const Eigen::VectorXd along = 0.1 * sigma_ * shape_->axis(generation_ % dim());
  return (mean_.array() == (mean_ + along).array()).all();
}

} // namespace troupe
