#include "search/searchers/bohb_searcher.hpp"

#include "search/searchers/outcome_values.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace troupe {

namespace {

constexpr double worst = std::numeric_limits<double>::infinity();
constexpr double least_density = 1e-32;

} // namespace

bohb_searcher::bohb_searcher(const study& s)
    : axes_{s},
      seed_{s.seed},
      sign_{s.mode == direction::min ? 1.0 : -1.0},
      options_{read_bohb_options(s.searcher.options)},
      min_points_{
          std::max<std::size_t>(options_.min_points_in_model.value_or(0), axes_.size() + 1)} {
  for (const auto& axis : axes_.axes())
    choices_.push_back(axis.dim.choices);
}

suggestion bohb_searcher::suggest(trial_number n) {
  std::vector<double> proposal;
  auto random = random_stream{seed_, n, "bohb"};
  if (model_budget_ && !axes_.is_given(n) && random.uniform() >= options_.random_fraction)
    proposal = propose(random);
  auto made = axes_.make(n, proposal);
  start(n, made.values);
  return std::move(made.config);
}

void bohb_searcher::adopt(trial_number n, const config& c) {
  start(n, axes_.values_of(c));
}

void bohb_searcher::start(trial_number n, const std::vector<double>& values) {
  auto& row = rows_[n] = values;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (choices_[i] == 0) row[i] = axes_.axes()[i].dim.to_coordinate(values[i]);
  running_.insert_or_assign(n, 0);
}

void bohb_searcher::observe(trial_number n, int iteration, const outcome& o) {
  const auto found = running_.find(n);
  if (found == running_.end()) return;
  found->second = iteration;
  count(n, iteration, first_value(o));
}

void bohb_searcher::complete(trial_number n, const std::optional<outcome>& last) {
  const auto node = running_.extract(n);
  if (node.empty()) return;
  if (!last)
    count(n, node.mapped() + 1, worst);
  else if (node.mapped() == 0)
    count(n, 1, first_value(*last));
}

void bohb_searcher::stopped(trial_number n, const std::optional<outcome>& last) {
  if (last)
    complete(n, last);
  else
    running_.erase(n); // nothing is known of it, not even that it is bad
}

void bohb_searcher::count(trial_number n, int iteration, double value) {
  if (model_budget_ && iteration < *model_budget_) return;
  auto& results = budgets_[iteration];
  results[n] = std::isfinite(value) ? sign_ * value : worst;
  const bool has_values =
      std::any_of(results.begin(), results.end(), [](const auto& r) { return r.second < worst; });
  if (!has_values || !split(results.size())) return;
  model_budget_ = iteration;
  budgets_.erase(budgets_.begin(), budgets_.find(iteration));
}

std::optional<std::pair<std::size_t, std::size_t>> bohb_searcher::split(std::size_t results) const {
  const std::size_t top = options_.top_n_percent;
  const auto good = std::max(min_points_, top * results / 100);
  if (axes_.size() == 0 || results < good) return std::nullopt;
  const auto others = std::min(results - good, std::max(min_points_, (100 - top) * results / 100));
  if (others <= axes_.size()) return std::nullopt;
  return std::pair{good, others};
}

std::pair<bohb_searcher::rows, bohb_searcher::rows> bohb_searcher::good_and_others() const {
  const auto& results = budgets_.at(*model_budget_);
  std::vector<std::pair<double, trial_number>> ranked;
  for (const auto& [n, loss] : results)
    ranked.emplace_back(loss, n);
  std::sort(ranked.begin(), ranked.end());
  const auto [good, others] = split(ranked.size()).value();
  std::pair<rows, rows> parts;
  for (std::size_t i = 0; i < good + others; ++i)
    (i < good ? parts.first : parts.second).push_back(rows_.at(ranked[i].second));
  return parts;
}

std::vector<double> bohb_searcher::propose(random_stream& random) const {
  auto [good_rows, other_rows] = good_and_others();
  impute(good_rows, choices_, random);
  impute(other_rows, choices_, random);
  const auto good = bohb_density{std::move(good_rows), choices_, options_.min_bandwidth};
  const auto others = bohb_density{std::move(other_rows), choices_, options_.min_bandwidth};
  std::vector<double> best;
  double least = std::numeric_limits<double>::infinity();
  for (std::uint32_t i = 0; i < options_.num_samples; ++i) {
    auto x = good.draw(random, options_.bandwidth_factor);
    const double l = good.at(x);
    const double score = std::max(others.at(x), least_density) / std::max(l, least_density);
    const bool is_new = !std::isfinite(score) && std::isfinite(l); // to the others: so try it
    if (!is_new && !(score < least)) continue;
    least = score;
    best = std::move(x);
    if (is_new) break;
  }
  for (std::size_t i = 0; i < best.size(); ++i)
    if (choices_[i] == 0) best[i] = axes_.axes()[i].dim.from_coordinate(best[i]);
  return best;
}

} // namespace troupe
