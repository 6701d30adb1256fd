#include "base/json.hpp"
#include "views/curve.hpp"
#include "views/table_text.hpp"
#include "views/text.hpp"
#include "views/trial_record.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string_view>
#include <variant>

namespace troupe {

namespace {

namespace json = boost::json;

constexpr int curve_rows = 8, shown_digits = 6;

/// Says what an event is about; empty for those that are seen elsewhere.
struct event_words {
  std::string operator()(const event_kind::trial_added& e) const {
    return e.by ? "asked for by " + *e.by : "suggested by the searcher";
  }
  std::string operator()(const event_kind::trial_started& e) const {
    const auto from =
        e.from_iteration > 0 ? fmt::format(", after iteration {}", e.from_iteration) : "";
    return fmt::format("attempt {} begins{}{}", e.attempt, from,
                       e.client ? " at " + *e.client : "");
  }
  std::string operator()(const event_kind::trial_decided& e) const {
    return fmt::format("iteration {}: {}{}{}", e.iteration, to_string(e.becomes),
                       e.reason.empty() ? "" : ": " + e.reason,
                       e.dropped ? " (came too late)" : "");
  }
  std::string operator()(const event_kind::trial_failed& e) const {
    return fmt::format("attempt {} fails{}: {}", e.attempt, e.retry ? " and is tried again" : "",
                       e.error);
  }
  std::string operator()(const event_kind::trial_paused& e) const {
    return fmt::format("paused after iteration {}{}", e.iteration,
                       e.reason.empty() ? "" : ": " + e.reason);
  }
  std::string operator()(const event_kind::trial_held& e) const {
    return fmt::format("waits after iteration {} until the study goes on", e.iteration);
  }
  std::string operator()(const event_kind::trial_retried& /*e*/) const {
    return "is tried again, as somebody asked";
  }
  std::string operator()(const event_kind::trial_exploited& e) const {
    return fmt::format("takes over checkpoint {} of trial {}, after iteration {}: {}", e.checkpoint,
                       trial_id(e.donor), e.iteration, to_text(json::value(e.config)));
  }
  std::string operator()(const event_kind::trial_ended& e) const {
    return fmt::format("{}{}", to_string(e.state), e.reason.empty() ? "" : ": " + e.reason);
  }
  std::string operator()(const event_kind::checkpoint_lost& e) const {
    return fmt::format("checkpoint {} is lost", e.checkpoint);
  }
  template <class Other>
  std::string operator()(const Other& /*e*/) const {
    return {};
  }
};

void add_lines(std::string& out, std::string_view title, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  out += fmt::format("\n{}\n", title);
  for (const auto& line : lines)
    out += "  " + line + '\n';
}

std::string header(const trial_record& t) {
  const auto& s = t.summary;
  table facts{{}, {{}}};
  const auto add = [&](std::string name, json::value v) {
    facts.columns.push_back({std::move(name)});
    facts.rows.front().push_back(std::move(v));
  };
  add("trial", json::value(trial_id(s.number) + (t.name.empty() ? "" : "  " + t.name)));
  add("state", json::value(std::string{to_string(s.state)} +
                           (s.reason.empty() ? "" : ": " + first_line(s.reason))));
  add("iterations", s.iterations);
  add("trained", json::value(short_number(s.wall_s, shown_digits) + " s"));
  for (const auto& [name, x] : s.last)
    add("last " + name, json::value(short_number(x, shown_digits)));
  if (s.score) add("compared by", json::value(short_number(*s.score, shown_digits)));
  return to_sheet(facts);
}

std::vector<std::string> curve_of(const trial_record& t, int columns) {
  std::vector<std::pair<double, double>> points;
  for (const auto& r : t.reports)
    if (const double* x = r.metrics.find(t.metric)) points.emplace_back(r.iteration, *x);
  return draw_curve(points, columns - 2, curve_rows);
}

std::vector<std::string> history_of(const trial_record& t) {
  std::vector<std::string> lines;
  for (const auto& e : t.events)
    if (const auto words = std::visit(event_words{}, e.body); !words.empty())
      lines.push_back(fmt::format(
          "{:>8}  {}", clock_text(std::chrono::nanoseconds{e.time_ns - t.events.front().time_ns}),
          first_line(words)));
  return lines;
}

} // namespace

std::string to_text(const trial_record& t, int columns) {
  auto out = header(t);
  std::vector<std::string> parameters, checkpoints, log;
  for (const auto& [name, value] : t.summary.config)
    parameters.push_back(printable(std::string_view{name}) + " = " + printable(to_text(value)));
  for (const auto& c : t.checkpoints)
    checkpoints.push_back(fmt::format("iteration {}: {}", c.iteration, printable(c.folder)));
  for (const auto& line : t.log)
    log.push_back(printable(line));
  add_lines(out, "configuration", parameters);
  add_lines(out, printable(t.metric) + " by iteration", curve_of(t, columns));
  add_lines(out, "history", history_of(t));
  add_lines(out, "checkpoints", checkpoints);
  add_lines(out, "last words", log);
  return out;
}

} // namespace troupe
