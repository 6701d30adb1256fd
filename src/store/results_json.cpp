#include "store/results_json.hpp"

#include "base/json.hpp"
#include "store/event_json.hpp"
#include "store/files.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

namespace troupe {
namespace {

namespace json = boost::json;

json::object trial_json(const trial_summary& t) {
  const bool has_kind = t.reason_kind != reason_kind::none;
  return {{"id", trial_id(t.number)},
          {"state", to_string(t.state)},
          {"reason", t.reason},
          {"reason_kind", has_kind ? json::value(to_string(t.reason_kind)) : json::value(nullptr)},
          {"config", t.config},
          {"iterations", t.iterations},
          {"metrics", to_json(t.last)},
          {"wall_s", t.wall_s}};
}

json::value best_json(const study_results& r, const std::optional<std::string>& checkpoint) {
  if (!r.best) return nullptr;
  const auto best = std::ranges::find(r.trials, *r.best, &trial_summary::number);
  return {{"id", trial_id(*r.best)},
          {"config", best->config},
          {"metrics", to_json(best->last)},
          {"checkpoint", checkpoint ? json::value(*checkpoint) : json::value(nullptr)}};
}

} // namespace

json::object to_json(const study_results& r, const std::optional<metrics>& test,
                     const std::optional<std::string>& checkpoint) {
  json::array trials;
  for (const trial_summary& t : r.trials)
    trials.push_back(trial_json(t));
  json::object out{{"name", r.name},
                   {"trials", std::move(trials)},
                   {"best", best_json(r, checkpoint)},
                   {"test", test ? json::value(to_json(*test)) : json::value(nullptr)},
                   {"wall_s", r.wall_s}};
  if (r.pareto_front.empty()) return out;
  auto& front = out.emplace("pareto_front", json::array{}).first->value().get_array();
  for (const trial_number n : r.pareto_front)
    front.emplace_back(trial_id(n));
  return out;
}

std::string summary_text(const study_results& r) {
  std::optional<std::string> checkpoint;
  if (r.best)
    if (const auto& best = r.trials.at(*r.best); best.checkpoint)
      checkpoint = study_layout{""}.checkpoint(best.number, *best.checkpoint).string();
  return to_pretty_text(to_json(r, std::nullopt, checkpoint));
}

void write_summary(const study_layout& layout, const study_results& r) {
  const auto text = summary_text(r);
  if (!has_text(layout.summary(), text)) write_atomically(layout.summary(), text);
}

} // namespace troupe
