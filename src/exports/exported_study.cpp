#include "exports/exported_study.hpp"

#include "base/path.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <unordered_set>
#include <variant>

namespace troupe {

namespace {

void flatten(const boost::json::object& object, const std::string& parent,
             std::vector<std::pair<std::string, boost::json::value>>& out) {
  for (const auto& [name, v] : object) {
    auto path = join_path(parent, name);
    if (v.is_object())
      flatten(v.get_object(), path, out);
    else
      out.emplace_back(std::move(path), v);
  }
}

} // namespace

std::vector<std::pair<std::string, boost::json::value>> flattened(const config& c) {
  std::vector<std::pair<std::string, boost::json::value>> all;
  flatten(c, {}, all);
  return all;
}

std::vector<exported_trial> read_trials(const opened_results& study) {
  std::vector<exported_trial> all(study.results().trials.size());
  study.for_each_event([&](const event& e) {
    if (!e.trial || *e.trial >= all.size()) return; // of a trial that came since
    auto& t = all[*e.trial];
    if (std::holds_alternative<event_kind::trial_started>(e.body) && t.started_ns == 0)
      t.started_ns = e.time_ns;
    if (const auto* report = std::get_if<event_kind::trial_reported>(&e.body)) {
      std::erase_if(t.reports,
                    [&](const auto& before) { return before.iteration >= report->iteration; });
      t.reports.push_back({report->iteration, e.time_ns, report->metrics});
    }
    t.ended_ns = std::holds_alternative<event_kind::trial_ended>(e.body)     ? e.time_ns
                 : std::holds_alternative<event_kind::trial_started>(e.body) ? 0
                                                                             : t.ended_ns;
  });
  return all;
}

std::vector<std::string> names_of_metrics(const std::vector<exported_trial>& trials) {
  std::vector<std::string> names;
  std::unordered_set<std::string> known;
  for (const auto& t : trials)
    for (const auto& r : t.reports)
      for (const auto& [name, value] : r.metrics)
        if (known.insert(name).second) names.push_back(name);
  return names;
}

} // namespace troupe
