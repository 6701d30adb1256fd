#include "store/results_json.hpp"

#include "base/json.hpp"
#include "store/event_json.hpp"
#include "store/files.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <exception>

namespace troupe {
namespace {

namespace json = boost::json;

json::value number_json(double x) {
  return to_json(metrics{{"", x}}).at("");
}

json::object trial_json(const trial_summary& t, const std::string& name) {
  const bool has_kind = t.reason_kind != reason_kind::none;
  json::object out{
      {"id", trial_id(t.number)},
      {"state", to_string(t.state)},
      {"reason", t.reason},
      {"reason_kind", has_kind ? json::value(to_string(t.reason_kind)) : json::value(nullptr)},
      {"config", t.config},
      {"iterations", t.iterations},
      {"metrics", to_json(t.last)},
      {"wall_s", t.wall_s}};
  if (t.score) out["score"] = number_json(*t.score);
  if (!name.empty()) out["name"] = name;
  return out;
}

json::value best_json(const study_results& r, const std::optional<std::string>& checkpoint) {
  if (!r.best) return nullptr;
  const auto best = std::ranges::find(r.trials, *r.best, &trial_summary::number);
  json::object out{{"id", trial_id(*r.best)},
                   {"config", compared_config(*best)},
                   {"metrics", to_json(compared_metrics(*best))},
                   {"checkpoint", checkpoint ? json::value(*checkpoint) : json::value(nullptr)}};
  if (best->score) out["score"] = number_json(*best->score);
  if (best->best_report) out["iteration"] = best->best_report->iteration;
  return out;
}

} // namespace

json::object to_json(const study_results& r, const std::optional<metrics>& test,
                     const std::optional<std::string>& checkpoint) {
  json::array trials;
  for (const trial_summary& t : r.trials)
    trials.push_back(trial_json(t, name_of(r.trial_name, t.number, t.config)));
  json::object out{{"name", r.name},
                   {"trials", std::move(trials)},
                   {"best", best_json(r, checkpoint)},
                   {"test", test ? json::value(to_json(*test)) : json::value(nullptr)},
                   {"wall_s", r.wall_s}};
  if (r.scope != scope::last) out["scope"] = to_string(r.scope);
  if (r.pareto_front.empty()) return out;
  auto& front = out.emplace("pareto_front", json::array{}).first->value().get_array();
  for (const trial_number n : r.pareto_front)
    front.emplace_back(trial_id(n));
  return out;
}

std::string summary_text(const study_results& r, const json::value& test) {
  std::optional<std::string> checkpoint;
  if (r.best)
    if (const auto& best = r.trials.at(*r.best); best.scope_checkpoint)
      checkpoint = study_layout{""}.checkpoint(best.number, *best.scope_checkpoint).string();
  auto out = to_json(r, std::nullopt, checkpoint);
  out["test"] = test;
  return to_pretty_text(out);
}

void write_summary(const study_layout& layout, const study_results& r, const json::value& test) {
  const auto text = summary_text(r, test);
  if (!has_text(layout.summary(), text)) write_atomically(layout.summary(), text);
}

void add_test(const study_layout& layout, const study_results& r, const json::value& test) {
  if (has_text(layout.summary(), summary_text(r))) write_summary(layout, r, test);
}

json::value tested_before(const study_layout& layout, const study_results& r) try {
  const auto summary = parse_json(read_all_text(layout.summary()));
  const auto& best = summary.at("best");
  const bool is_same =
      r.best && best.is_object() && best.at("id") == json::value(trial_id(*r.best));
  const auto& test = summary.at("test");
  return is_same && test.is_object() ? test : json::value(nullptr);
} catch (const std::exception&) {
  return nullptr;
}

} // namespace troupe
