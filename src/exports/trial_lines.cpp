#include "exports/trial_lines.hpp"

#include "base/json.hpp"
#include "exports/exported_study.hpp"
#include "store/event_json.hpp"
#include "store/time_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <utility>

namespace troupe {

namespace {

namespace json = boost::json;

json::value time_or_null(std::int64_t ns) {
  return ns > 0 ? json::value(to_utc_text(ns)) : json::value(nullptr);
}

json::value text_or_nothing(std::string_view text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

json::object line_of(const trial_summary& s, const exported_trial& t) {
  json::array reports;
  for (const auto& r : t.reports)
    reports.push_back(json::object{{"iteration", r.iteration},
                                   {"time", to_utc_text(r.time_ns)},
                                   {"metrics", to_json(r.metrics)}});
  return {{"id", trial_id(s.number)},
          {"state", to_string(s.state)},
          {"reason", text_or_nothing(s.reason)},
          {"reason_kind", s.reason_kind == reason_kind::none
                              ? json::value(nullptr)
                              : json::value(to_string(s.reason_kind))},
          {"config", s.config},
          {"started", time_or_null(t.started_ns)},
          {"ended", time_or_null(t.ended_ns)},
          {"reports", std::move(reports)}};
}

} // namespace

std::string trial_lines(const opened_results& study) {
  std::string text;
  const auto trials = read_trials(study);
  for (std::size_t n = 0; n < trials.size(); ++n) {
    write_json(text, line_of(study.results().trials[n], trials[n]));
    text += '\n';
  }
  return text;
}

} // namespace troupe
