#include "search/searchers/tpe/searcher.hpp"

#include "search/searchers/outcome_values.hpp"

#include <algorithm>
#include <cmath>

namespace troupe {

tpe_searcher::tpe_searcher(const study& s)
    : axes_{s},
      seed_{s.seed},
      model_{axes_.dimensions(), read_tpe_options(s.searcher.options),
             1 + s.further_objectives.size()} {
  for (const auto& o : s.objectives())
    signs_.push_back(o.mode == direction::min ? 1.0 : -1.0);
}

suggestion tpe_searcher::suggest(trial_number n) {
  std::vector<double> proposal;
  if (!model_.starting_up() && !axes_.is_given(n)) {
    auto random = random_stream{seed_, n, "tpe"};
    proposal = model_.suggest(random);
  }
  auto made = axes_.make(n, proposal);
  learn(n, made.values);
  return std::move(made.config);
}

void tpe_searcher::adopt(trial_number n, const config& c) {
  learn(n, axes_.values_of(c));
}

/// Trial `n` runs with these values.
void tpe_searcher::learn(trial_number n, const std::vector<double>& values) {
  const auto [at, is_new] = running_.try_emplace(n, running_trial{rows_});
  if (is_new) ++rows_;
  at->second.iteration.reset();
  model_.start(at->second.row, values);
}

void tpe_searcher::observe(trial_number n, int iteration, const outcome&) {
  const auto found = running_.find(n);
  if (found != running_.end()) found->second.iteration = iteration;
}

void tpe_searcher::complete(trial_number n, const std::optional<outcome>& last) {
  if (last && signs_.size() == 1 && std::isnan(first_value(*last)))
    return stopped(n, last); // diverged
  const auto found = running_.find(n);
  if (found == running_.end()) return;
  const auto row = found->second.row;
  running_.erase(found);
  if (last)
    finish(*last, tpe::completed(row, losses_of(*last)));
  else
    model_.fail(row);
}

void tpe_searcher::stopped(trial_number n, const std::optional<outcome>& last) {
  const auto found = running_.find(n);
  if (found == running_.end()) return;
  std::optional<tpe::last_report> report;
  const auto [row, iteration] = found->second;
  if (iteration && last) report = {*iteration, signs_[0] * first_value(*last)};
  running_.erase(found);
  finish(last.value_or(outcome{}), tpe::stopped(row, report));
}

/// A trial ends with this standing, unless it violates a constraint.
void tpe_searcher::finish(const outcome& last, const tpe::standing& s) {
  double violation = 0;
  for (const double c : last.constraints)
    violation += std::isnan(c) ? HUGE_VAL : std::max(c, 0.0);
  model_.finish(violation > 0 ? tpe::infeasible(s.number, violation) : s);
}

std::vector<double> tpe_searcher::losses_of(const outcome& o) const {
  std::vector<double> losses;
  for (std::size_t i = 0; i < signs_.size(); ++i)
    losses.push_back(signs_[i] * value_at(o.values, i));
  return losses;
}

} // namespace troupe
