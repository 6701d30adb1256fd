#include "views/best_table.hpp"

#include "store/event_json.hpp"
#include "views/compared_value.hpp"

#include <boost/json/object.hpp>

#include <vector>

namespace troupe {

namespace {

namespace json = boost::json;

json::value checkpoint_of(const trial_summary& t, const study_layout& layout) {
  if (!t.scope_checkpoint) return nullptr;
  return json::value(layout.checkpoint(t.number, *t.scope_checkpoint).string());
}

} // namespace

table best_table(const study_results& r, const study_layout& layout) {
  auto which = r.pareto_front;
  if (which.empty() && r.best) which.push_back(*r.best);
  table best{{{"id"}, {"value"}, {"config"}, {"metrics"}, {"checkpoint"}}, {}};
  const bool is_named = !r.trial_name.empty(), has_iteration = r.scope == scope::all;
  if (has_iteration) best.columns.insert(best.columns.begin() + 2, {"iteration"});
  if (is_named) best.columns.insert(best.columns.begin() + 1, {"name"});
  auto& value_column = best.columns[column_at(best, "value")];
  value_column = {free_name(best, r.metric, "value"), "value"};
  for (const auto n : which) {
    const auto& t = r.trials.at(n);
    auto& row = best.rows.emplace_back();
    row.emplace_back(trial_id(n));
    if (is_named) row.emplace_back(name_of(r.trial_name, n, compared_config(t)));
    const auto value = compared_value(r, t);
    row.push_back(value ? json::value(*value) : json::value(nullptr));
    if (has_iteration)
      row.push_back(t.best_report ? json::value(t.best_report->iteration) : json::value(nullptr));
    row.emplace_back(compared_config(t));
    row.emplace_back(to_json(compared_metrics(t)));
    row.push_back(checkpoint_of(t, layout));
  }
  return best;
}

} // namespace troupe
