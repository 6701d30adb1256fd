#include "views/trial_record.hpp"

#include "base/json.hpp"
#include "store/event_json.hpp"
#include "views/table_text.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <utility>
#include <variant>

namespace troupe {

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::size_t most_lines = 10;
constexpr std::streamoff most_bytes = 16'384;

/// Returns the last lines of a text file; none if it is not there.
std::vector<std::string> last_lines(const fs::path& file) {
  std::ifstream in{file, std::ios::binary | std::ios::ate};
  if (!in) return {};
  const std::streamoff size = in.tellg();
  in.seekg(std::max<std::streamoff>(size - most_bytes, 0));
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);)
    lines.push_back(std::move(line));
  if (lines.size() > most_lines)
    lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(most_lines));
  return lines;
}

json::value or_null(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

} // namespace

trial_record read_trial(const opened_results& study, const study_layout& layout, trial_number n) {
  const auto& r = study.results();
  trial_record t{r.trials.at(n), {}, r.metric, study.reports(n), {}, {}, {}};
  t.name = name_of(r.trial_name, n, t.summary.config);
  for (auto& e : study.events(n)) {
    if (const auto* saved = std::get_if<event_kind::checkpoint_saved>(&e.body)) {
      const auto folder = layout.checkpoint(n, saved->checkpoint);
      if (fs::exists(folder))
        t.checkpoints.push_back({saved->checkpoint, saved->iteration, folder.string()});
    }
    if (!std::holds_alternative<event_kind::trial_reported>(e.body))
      t.events.push_back(std::move(e));
  }
  for (const auto* file : {"log.txt", "error.txt"})
    std::ranges::move(last_lines(layout.trial(n) / file), std::back_inserter(t.log));
  return t;
}

table report_table(const trial_record& t) {
  std::vector<std::string> names;
  for (const auto& r : t.reports)
    for (const auto& [name, value] : r.metrics)
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  table all{{{"iteration"}, {"total_s"}, {"checkpoint"}}, {}};
  for (const auto& name : names) {
    const auto full = "metrics/" + name;
    all.columns.insert(all.columns.end() - 1, {free_name(all, name, full), full});
  }
  for (const auto& r : t.reports) {
    auto& row = all.rows.emplace_back(table::row{r.iteration, r.total_s});
    for (const auto& name : names) {
      const double* x = r.metrics.find(name);
      row.push_back(x ? json::value(*x) : json::value(nullptr));
    }
    row.push_back(r.checkpoint ? json::value(*r.checkpoint) : json::value(nullptr));
  }
  return all;
}

json::object to_json(const trial_record& t) {
  const auto& s = t.summary;
  json::array reports, events, checkpoints, log;
  for (const auto& r : t.reports)
    reports.push_back(json::object{
        {"iteration", r.iteration},
        {"total_s", r.total_s},
        {"metrics", to_json(r.metrics)},
        {"checkpoint", r.checkpoint ? json::value(*r.checkpoint) : json::value(nullptr)}});
  for (const auto& e : t.events)
    events.push_back(to_json(e));
  for (const auto& c : t.checkpoints)
    checkpoints.push_back(
        json::object{{"number", c.number}, {"iteration", c.iteration}, {"folder", c.folder}});
  for (const auto& line : t.log)
    log.emplace_back(line);
  return {{"id", trial_id(s.number)},
          {"name", or_null(t.name)},
          {"state", to_string(s.state)},
          {"reason", or_null(s.reason)},
          {"reason_kind", s.reason_kind == reason_kind::none
                              ? json::value(nullptr)
                              : json::value(to_string(s.reason_kind))},
          {"config", s.config},
          {"iterations", s.iterations},
          {"metrics", to_json(s.last)},
          {"wall_s", s.wall_s},
          {"reports", std::move(reports)},
          {"events", std::move(events)},
          {"checkpoints", std::move(checkpoints)},
          {"log", std::move(log)}};
}

} // namespace troupe
