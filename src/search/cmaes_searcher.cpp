#include "search/cmaes_searcher.hpp"

#include "search/cmaes/warm_start.hpp"
#include "search/unit_cube.hpp"
#include "study/values.hpp"

#include <troupe/random.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace troupe {

namespace json = boost::json;

namespace {

constexpr double default_sigma = 1.0 / 6;
constexpr double least_sigma = 1e-10;

/// More values than this are as good as continuous.
constexpr double largest_grid = 0x1p31;

} // namespace

json::value cmaes_searcher::axis::value(double u) const {
  if (step == 0) return value_at(domain, u);
  // The domain's own coordinates have half a step more on both sides.
  const double count = 1 / step + 1;
  return value_at(domain, (u / step + 0.5) / count);
}

double cmaes_searcher::axis::coordinate(double x) const {
  const double u = coordinate_of(domain, x);
  if (step == 0) return u;
  const double count = 1 / step + 1;
  return (u * count - 0.5) * step;
}

cmaes_searcher::cmaes_searcher(const study& s)
    : space_{s.space},
      seed_{s.seed},
      sign_{s.mode == direction::min ? 1.0 : -1.0} {
  const auto options = read_cmaes_options(s.searcher.options);
  startup_trials_ = options.n_startup_trials;
  with_margin_ = options.with_margin;
  find_axes();
  if (!axes_.empty()) start(options);
}

void cmaes_searcher::find_axes() {
  for (const auto& entry : space_.entries()) {
    const auto& d = entry.domain;
    if (!is_numeric(d) || !is_open(d)) continue;
    const auto* integers = std::get_if<randint>(&d);
    const bool is_grid = with_margin_ && integers && cell_count(*integers) <= largest_grid;
    axes_.push_back({entry.path, d, is_grid ? 1 / (cell_count(*integers) - 1) : 0});
  }
}

void cmaes_searcher::start(const cmaes_options& options) {
  const auto dim = static_cast<Eigen::Index>(axes_.size());
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
    steps[i] = axes_[static_cast<std::size_t>(i)].step;
  margin_.emplace(*es_, box_, steps);
}

void cmaes_searcher::begin_elsewhere() {
  auto random = random_stream{seed_, begun_again_++, "cmaes/restart"};
  for (double& x : origin_.mean)
    x = random.uniform();
  running_.clear();
  begin();
}

/// Returns where `c` lies; none if a parameter is absent or outside of its domain.
std::optional<Eigen::VectorXd> cmaes_searcher::position(const config& c) const {
  Eigen::VectorXd x(static_cast<Eigen::Index>(axes_.size()));
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    const auto& a = axes_[static_cast<std::size_t>(i)];
    const auto* v = find(c, a.path);
    const auto number = v ? real_number(*v) : std::nullopt;
    if (!number) return std::nullopt;
    x[i] = a.coordinate(*number);
    if (!(x[i] >= 0 && x[i] <= 1)) return std::nullopt;
  }
  return x;
}

void cmaes_searcher::read_source(const std::vector<cmaes_options::source_trial>& trials,
                                 cma_options& out) const {
  std::vector<Eigen::VectorXd> points;
  std::vector<double> values;
  for (const auto& trial : trials)
    if (const auto x = position(trial.params)) {
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
  config c = sample(space_, seed_, n);
  if (!es_ || ended_ < startup_trials_) return c;
  auto random = random_stream{seed_, n, "cmaes"};
  Eigen::VectorXd x = es_->ask(random, margin_ ? margin_->free_box() : box_);
  const Eigen::VectorXd at = margin_ ? margin_->evaluated(*es_, x) : x;
  for (Eigen::Index i = 0; i < at.size(); ++i) {
    const auto& a = axes_[static_cast<std::size_t>(i)];
    auto v = a.value(at[i]);
    if (!margin_) x[i] = a.coordinate(*real_number(v));
    replace(c, a.path, std::move(v));
  }
  running_.insert_or_assign(n, drawn{es_->generation(), std::move(x)});
  return c;
}

void cmaes_searcher::complete(trial_number n, std::optional<double> value) {
  auto node = running_.extract(n);
  if (!value || std::isnan(*value)) return;
  ++ended_;
  if (node.empty()) return;
  generation_.push_back({n, std::move(node.mapped()), sign_ * *value});
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
