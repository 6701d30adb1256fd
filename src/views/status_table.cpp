#include "views/status_table.hpp"

#include "views/compared_value.hpp"
#include "views/trial_states.hpp"

#include <boost/json/value.hpp>

#include <algorithm>
#include <utility>

namespace troupe {

namespace {

namespace json = boost::json;

json::value text_or_null(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

json::value best_value(const study_results& r) {
  const auto value = r.best ? compared_value(r, r.trials.at(*r.best)) : std::nullopt;
  return value ? json::value(*value) : json::value(nullptr);
}

} // namespace

std::string_view study_state_of(const opened_results& study, const study_holder& holder) {
  if (!study.ended()) {
    if (holder.is_asked) return "asked";
    if (!holder.is_held) return "not running";
    return study.paused() ? "paused" : "running";
  }
  if (holder.is_held && !holder.is_asked) return "running"; // it tests its best trial
  return study.results().interrupted.empty() ? "ended" : "interrupted";
}

table status_table(const opened_results& study, const std::string& folder,
                   const study_holder& holder) {
  const auto& r = study.results();
  table t{{}, {{}}};
  const auto add = [&](std::string name, json::value v) {
    t.columns.push_back({std::move(name)});
    t.rows.front().push_back(std::move(v));
  };
  const auto count = [&](auto is_one) {
    return json::value(std::ranges::count_if(r.trials, is_one));
  };
  add("name", json::value(r.name));
  add("folder", json::value(folder));
  add("state", json::value(study_state_of(study, holder)));
  add("held_by", text_or_null(holder.who));
  add("trials", std::max<std::uint64_t>(number_of_trials(study.study()), r.trials.size()));
  add("done", count([](const auto& one) { return is_final(one.state); }));
  for (const auto state : trial_states)
    add(std::string{to_string(state)}, count([&](const auto& one) { return one.state == state; }));
  if (!r.pareto_front.empty()) add("front", r.pareto_front.size());
  add("best", r.best ? json::value(trial_id(*r.best)) : json::value(nullptr));
  add("value", best_value(r));
  const auto value = t.columns.size() - 1;
  add("wall_s", r.wall_s);
  add("reason", text_or_null(r.interrupted));
  t.columns[value] = {free_name(t, r.metric, "value"), "value"};
  return t;
}

} // namespace troupe
