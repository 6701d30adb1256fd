#include "search/searchers/cmaes_searcher.hpp"

#include "search/searchers/cmaes/warm_start.hpp"
#include "search/searchers/outcome_values.hpp"

#include <troupe/random.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace troupe {

namespace {

constexpr double default_sigma = 1.0 / 6;
constexpr double least_sigma = 1e-10;

/// More values than this are as good as continuous.
constexpr double largest_grid = 0x1p31;

/// The generation of points that no CMA-ES has drawn.
constexpr Eigen::Index from_elsewhere = -1;

} // namespace

double cmaes_searcher::coordinate::from(double u) const {
  if (step == 0) return dim.from_coordinate(u);
  // The dimension's own coordinates have half a step more on both sides.
  return dim.from_coordinate((u / step + 0.5) / dim.count());
}

double cmaes_searcher::coordinate::to(double x) const {
  const double u = dim.to_coordinate(x);
  return step == 0 ? u : (u * dim.count() - 0.5) * step;
}

cmaes_searcher::cmaes_searcher(const study& s)
    : axes_{s},
      seed_{s.seed},
      sign_{s.mode == direction::min ? 1.0 : -1.0} {
  const auto options = read_cmaes_options(s.searcher.options);
  startup_trials_ = options.n_startup_trials;
  with_margin_ = options.with_margin;
  find_coordinates();
  if (!coordinates_.empty()) start(options);
}

void cmaes_searcher::find_coordinates() {
  for (std::size_t i = 0; i < axes_.size(); ++i) {
    const auto& [path, dim, conditional, law, entry] = axes_.axes()[i];
    if (dim.categorical() || conditional) continue;
    const bool is_grid = with_margin_ && dim.stepped() && !dim.log && dim.count() <= largest_grid;
    coordinates_.push_back({i, dim, is_grid ? 1 / (dim.count() - 1) : 0});
  }
}

void cmaes_searcher::start(const cmaes_options& options) {
  const auto dim = static_cast<Eigen::Index>(coordinates_.size());
  box_ = {Eigen::VectorXd::Zero(dim), Eigen::VectorXd::Ones(dim)};
  origin_.mean = Eigen::VectorXd::Constant(dim, 0.5);
  origin_.sigma = options.sigma0.value_or(default_sigma);
  origin_.population = options.popsize.value_or(0);
  origin_.separable = options.use_separable_cma && dim > 1; // one variance is a full matrix
  origin_.lr_adapt = options.lr_adapt;
  if (!options.source_trials.empty()) read_source(options.source_trials, origin_);
  origin_.sigma = std::max(origin_.sigma, least_sigma);
  begin();
}

void cmaes_searcher::begin() {
  es_.emplace(origin_);
  if (!with_margin_) return;
  Eigen::VectorXd steps(es_->dim());
  for (Eigen::Index i = 0; i < steps.size(); ++i)
    steps[i] = coordinates_[static_cast<std::size_t>(i)].step;
  margin_.emplace(*es_, box_, steps);
}

void cmaes_searcher::begin_elsewhere() {
  auto random = random_stream{seed_, begun_again_++, "cmaes/restart"};
  for (double& x : origin_.mean)
    x = random.uniform();
  running_.clear();
  begin();
}

/// Returns where a row of values lies; none if one is absent or outside of its domain.
std::optional<Eigen::VectorXd> cmaes_searcher::position(const std::vector<double>& values) const {
  Eigen::VectorXd x(static_cast<Eigen::Index>(coordinates_.size()));
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    const auto& c = coordinates_[static_cast<std::size_t>(i)];
    x[i] = c.to(values[c.axis]);
    if (!(x[i] >= 0 && x[i] <= 1)) return std::nullopt;
  }
  return x;
}

void cmaes_searcher::read_source(const std::vector<cmaes_options::source_trial>& trials,
                                 cma_options& out) const {
  std::vector<Eigen::VectorXd> points;
  std::vector<double> values;
  for (const auto& trial : trials)
    if (const auto x = position(axes_.values_of(trial.params))) {
      points.push_back(*x);
      values.push_back(sign_ * trial.value);
    }
  const auto count = static_cast<Eigen::Index>(points.size());
  Eigen::MatrixXd x(out.mean.size(), count);
  for (Eigen::Index i = 0; i < count; ++i)
    x.col(i) = points[static_cast<std::size_t>(i)];
  try {
    auto begin = warm_start(x, Eigen::Map<const Eigen::VectorXd>(values.data(), count));
    out.mean = std::move(begin.mean);
    out.sigma = begin.sigma;
    out.covariance = std::move(begin.covariance);
  } catch (const std::invalid_argument& e) {
    throw std::invalid_argument{fmt::format("cmaes: {} of {} source_trials fit the space: {}",
                                            count, trials.size(), e.what())};
  }
}

suggestion cmaes_searcher::suggest(trial_number n) {
  if (!es_ || ended_ < startup_trials_ || axes_.is_given(n)) {
    auto c = axes_.make(n).config;
    if (axes_.is_given(n)) adopt(n, c);
    return c;
  }
  auto random = random_stream{seed_, n, "cmaes"};
  Eigen::VectorXd x = es_->ask(random, margin_ ? margin_->free_box() : box_);
  const Eigen::VectorXd at = margin_ ? margin_->evaluated(*es_, x) : x;
  std::vector<double> proposal(axes_.size(), std::nan(""));
  for (Eigen::Index i = 0; i < at.size(); ++i) {
    const auto& c = coordinates_[static_cast<std::size_t>(i)];
    proposal[c.axis] = c.from(at[i]);
    if (!margin_) x[i] = c.to(proposal[c.axis]);
  }
  running_.insert_or_assign(n, drawn{es_->generation(), std::move(x)});
  return axes_.make(n, proposal).config;
}

void cmaes_searcher::adopt(trial_number n, const config& c) {
  if (!es_) return;
  if (auto x = position(axes_.values_of(c)))
    running_.insert_or_assign(n, drawn{from_elsewhere, std::move(*x)});
}

void cmaes_searcher::complete(trial_number n, const std::optional<outcome>& last) {
  auto node = running_.extract(n);
  if (!last || std::isnan(first_value(*last))) return;
  ++ended_;
  if (node.empty()) return;
  generation_.push_back({n, std::move(node.mapped()), sign_ * first_value(*last)});
  if (static_cast<Eigen::Index>(generation_.size()) == es_->population()) learn();
}

void cmaes_searcher::learn() {
  std::sort(generation_.begin(), generation_.end(),
            [](const judged& a, const judged& b) { return a.number < b.number; });
  const auto count = es_->population();
  Eigen::MatrixXd x(es_->dim(), count);
  Eigen::VectorXd values(count);
  for (Eigen::Index i = 0; i < count; ++i) {
    const auto& [number, point, value] = generation_[static_cast<std::size_t>(i)];
    x.col(i) = point.generation == es_->generation() ? point.x : es_->injected(point.x);
    values[i] = value;
  }
  es_->tell(x, values);
  if (margin_) margin_->correct(*es_);
  generation_.clear();
  if (es_->should_stop()) begin_elsewhere();
}

} // namespace troupe
