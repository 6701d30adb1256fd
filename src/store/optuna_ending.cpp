#include "store/optuna_ending.hpp"

#include "base/json.hpp"
#include "search/life/judging.hpp"
#include "search/life/stoppers.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace troupe {

namespace {

/// The same of a trial whose journal is older than kinds of reasons: there rules say in front who
/// they are.
bool text_says_so(std::string_view reason, std::string_view study_end) {
  if (!study_end.empty() && reason.starts_with(study_end)) return true;
  const auto rule = reason.substr(0, reason.find(':'));
  if (rule.size() == reason.size()) return false;
  if (rule == "stop") return true;
  const auto stoppers = stopper_plugins();
  if (std::ranges::any_of(stoppers, [&](const auto* p) { return p->name == rule; })) return true;
  const auto rest = reason.substr(rule.size());
  return rest.starts_with(": max_t ") || rest.starts_with(": the last milestone, ");
}

/// Whether a trial was ended because it had had all that a rule of the study grants, and not
/// because others were better.
bool has_had_its_share(const trial_end& end, std::string_view study_end) {
  switch (end.kind) {
  case reason_kind::none:
    return text_says_so(end.reason, study_end);
  case reason_kind::stop_rule:
  case reason_kind::stopper:
  case reason_kind::max_t:
  case reason_kind::time_budget:
    return true;
  default:
    return false;
  }
}

/// A JSON list has finite numbers only; a NaN fulfils no constraint.
std::string constraints_text(const std::vector<double>& constraints) {
  constexpr double most = std::numeric_limits<double>::max();
  boost::json::array list;
  for (const double c : constraints)
    list.emplace_back(std::isnan(c) ? most : std::clamp(c, -most, most));
  return list.empty() ? std::string{} : to_text(list);
}

bool is_judged_by(const study& s, const std::string& metric) {
  const auto objectives = s.objectives();
  return std::ranges::find(objectives, metric, &objective::metric) != objectives.end() ||
         std::ranges::find(s.constraints, metric) != s.constraints.end();
}

bool has_nan(const std::vector<double>& values) {
  return std::ranges::any_of(values, [](double v) { return std::isnan(v); });
}

} // namespace

std::optional<optuna_ending> optuna_ending_of(const study& s, const trial_end& end,
                                              std::string_view study_end) {
  if (!is_final(end.state) || end.state == trial_state::interrupted) return std::nullopt;
  optuna_ending e{.state = "PRUNED"};
  for (const auto& metric : end.last)
    if (!is_judged_by(s, metric.first)) e.others.push_back(metric);
  if (end.state == trial_state::failed || end.diverged) {
    e.state = "FAIL";
    return e;
  }
  auto o = outcome_of(s, end.last);
  if (has_nan(o.values)) return e; // It has come to nothing that could be complete.
  if (end.state == trial_state::completed || has_had_its_share(end, study_end))
    e.state = "COMPLETE";
  e.constraints = constraints_text(o.constraints);
  // Optuna gives pruned trials a value only where there is one objective.
  if (e.state == "COMPLETE" || o.values.size() == 1) e.values = std::move(o.values);
  return e;
}

} // namespace troupe
