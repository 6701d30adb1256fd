#include "store/report_row.hpp"

#include "base/host_name.hpp"
#include "base/json.hpp"
#include "store/study_layout.hpp"
#include "store/time_text.hpp"

#include <algorithm>
#include <unistd.h>
#include <utility>

namespace troupe {

namespace {

/// So many of the automatic keys, the first ones, let a metric take their place.
constexpr std::ptrdiff_t yielding = 2;

} // namespace

report_origin report_origin::here() {
  static const auto host = host_name();
  return {::getpid(), host};
}

report_row::report_row(const event_kind::trial_reported& report, const written_metrics& m,
                       std::int64_t time_ns, const report_place& place,
                       const report_origin& origin) {
  constexpr std::size_t usual_size = 256;
  constexpr std::size_t keys = 12;
  text_.reserve(usual_size);
  automatic_.reserve(keys);
  add_integer(R"("training_iteration")", report.iteration);
  add_number(R"("time_this_iter_s")", report.iteration_s);
  add_number(R"("time_total_s")", report.total_s);
  add_integer(R"("timestamp")", time_ns / 1'000'000'000);
  add_text(R"("date")", to_date_text(time_ns));
  add_text(R"("trial_id")", place.trial_id);
  if (origin.pid)
    add_integer(R"("pid")", *origin.pid);
  else
    add(R"("pid")", "null", "");
  if (origin.hostname)
    add_text(R"("hostname")", *origin.hostname);
  else
    add(R"("hostname")", "null", "");
  add(R"("done")", "false", "False");
  if (report.checkpoint)
    add_text(R"("checkpoint_dir_name")", checkpoint_name(*report.checkpoint));
  else
    add(R"("checkpoint_dir_name")", "null", "");
  add_integer(R"("iterations_since_restore")", place.iterations_since_restore);
  add_number(R"("time_since_restore")", place.time_since_restore);
  arrange(report.metrics, m);
}

report_row::range report_row::append(std::string_view text) {
  const auto begin = text_.size();
  text_ += text;
  return {begin, text_.size()};
}

void report_row::add(std::string_view key, std::string_view value, std::string_view bare) {
  const auto written = append(value);
  automatic_.push_back({key, written, append(bare)});
}

void report_row::add_integer(std::string_view key, std::int64_t value) {
  const auto written = append(std::to_string(value));
  automatic_.push_back({key, written, written});
}

void report_row::add_number(std::string_view key, double value) {
  range written{text_.size(), 0};
  write_json_number(text_, value);
  written.end = text_.size();
  auto bare = written;
  if (text_[bare.begin] == '"') bare = {bare.begin + 1, bare.end - 1};
  automatic_.push_back({key, written, bare});
}

void report_row::add_text(std::string_view key, std::string_view text) {
  range written{text_.size(), 0};
  write_json_text(text_, text);
  written.end = text_.size();
  automatic_.push_back({key, written, append(text)});
}

/// Makes the columns: those of the metrics, then those of the automatic keys that no metric bears.
void report_row::arrange(const metrics& names, const written_metrics& m) {
  std::vector<bool> placed(automatic_.size());
  columns_.reserve(names.size() + automatic_.size());
  std::size_t i = 0;
  for (const auto& [name, number] : names) {
    const auto written = m[i++];
    columns_.push_back({name, written.name, written.value, written.bare_value()});
    const auto same = std::ranges::find(automatic_, std::string_view{name}, &automatic::name);
    if (same == automatic_.end()) continue;
    const auto index = same - automatic_.begin();
    placed[static_cast<std::size_t>(index)] = true;
    if (index < yielding) continue;
    columns_.back().value = at(same->value);
    columns_.back().bare = at(same->bare);
  }
  for (std::size_t k = 0; k < automatic_.size(); ++k)
    if (const auto& a = automatic_[k]; !placed[k])
      columns_.push_back({a.name(), a.key, at(a.value), at(a.bare)});
}

void report_row::append_line(std::string& out, std::string_view config) const {
  constexpr std::string_view config_key = R"("config")";
  bool has_config = false;
  out += '{';
  for (const auto& c : columns_) {
    const bool is_config = c.key == config_key;
    has_config = has_config || is_config;
    ((out += c.key) += ": ") += is_config ? config : c.value;
    out += ", ";
  }
  if (has_config)
    out.resize(out.size() - 2);
  else
    ((out += config_key) += ": ") += config;
  out += "}\n";
}

std::vector<table_cell> report_row::cells() const {
  std::vector<table_cell> cells;
  cells.reserve(columns_.size());
  for (const auto& c : columns_)
    cells.push_back({c.name, c.bare});
  return cells;
}

} // namespace troupe
