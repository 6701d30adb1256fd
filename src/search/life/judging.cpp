#include "search/life/judging.hpp"

#include "search/numbers/pareto.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

namespace troupe {

namespace {

/// Returns the losses of a trial that may be the best; none if it has failed, or has NaN, or is not
/// feasible.
std::optional<losses> losses_of(const study& s, const trial_summary& t) {
  if (t.state == trial_state::failed) return std::nullopt;
  if (!is_feasible(s, compared_metrics(t))) return std::nullopt;
  auto o = outcome_of(s, compared_metrics(t));
  if (t.score) o.values.front() = *t.score;
  losses found;
  for (const auto& each : s.objectives()) {
    const double value = o.values[found.size()];
    if (std::isnan(value)) return std::nullopt;
    found.push_back(each.mode == direction::min ? value : -value);
  }
  return found;
}

} // namespace

bool is_feasible(const study& s, const metrics& m) {
  return std::ranges::all_of(s.constraints,
                             [&](const std::string& name) { return value_in(m, name) <= 0; });
}

std::string missing_metric(const study& s, const metrics& m) {
  if (!m.find(s.metric)) return s.metric;
  for (const auto& o : s.further_objectives)
    if (!m.find(o.metric)) return o.metric;
  for (const auto& c : s.constraints)
    if (!m.find(c)) return c;
  return {};
}

std::string diverged_metric(const study& s, const metrics& m) {
  if (std::isnan(value_in(m, s.metric)) && m.find(s.metric)) return s.metric;
  for (const auto& o : s.further_objectives)
    if (const double* value = m.find(o.metric); value && std::isnan(*value)) return o.metric;
  return {};
}

double value_in(const metrics& m, std::string_view name) {
  const double* value = m.find(name);
  return value ? *value : std::nan("");
}

outcome outcome_of(const study& s, const metrics& m) {
  outcome o{value_in(m, s.metric)};
  for (const auto& each : s.further_objectives)
    o.values.push_back(value_in(m, each.metric));
  for (const auto& c : s.constraints)
    o.constraints.push_back(value_in(m, c));
  return o;
}

std::optional<double> automatic_metric(std::string_view name, int iteration, double total_s) {
  if (name == "training_iteration") return iteration;
  if (name == "time_total_s") return total_s;
  return std::nullopt;
}

bool is_settled(trial_state s) noexcept {
  return s == trial_state::completed || s == trial_state::stopped;
}

std::vector<trial_number> ranked(const study& s, std::span<const trial_summary> trials) {
  std::vector<std::pair<losses, trial_number>> found;
  for (const auto& t : trials)
    if (auto each = losses_of(s, t)) found.emplace_back(std::move(*each), t.number);
  std::ranges::sort(found);
  std::vector<trial_number> numbers;
  numbers.reserve(found.size());
  for (const auto& [each, number] : found)
    numbers.push_back(number);
  return numbers;
}

void judge(const study& s, study_results& all) {
  std::vector<losses> points;
  std::vector<trial_number> numbers;
  for (const auto& t : all.trials)
    if (auto found = losses_of(s, t)) {
      points.push_back(std::move(*found));
      numbers.push_back(t.number);
    }
  if (points.empty()) return;
  const auto best = std::min_element(points.begin(), points.end());
  all.best = numbers[static_cast<std::size_t>(best - points.begin())];
  if (s.further_objectives.empty()) return;
  for (const auto i : pareto_front(points))
    all.pareto_front.push_back(numbers[i]);
}

} // namespace troupe
