#include "store/report_row.hpp"

#include "base/json.hpp"
#include "store/study_layout.hpp"
#include "store/time_text.hpp"

#include <algorithm>
#include <array>
#include <unistd.h>
#include <utility>

namespace troupe {

namespace {

/// So many of the automatic keys, the first ones, let a metric take their place.
constexpr std::ptrdiff_t yielding = 2;

std::string host_name() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return name.data();
}

} // namespace

report_origin report_origin::here() {
  static const auto host = host_name();
  return {::getpid(), host};
}

report_row::report_row(const event_kind::trial_reported& report, const written_metrics& m,
                       std::int64_t time_ns, const report_place& place,
                       const report_origin& origin) {
  add(R"("training_iteration")", std::to_string(report.iteration));
  add_number(R"("time_this_iter_s")", report.iteration_s);
  add_number(R"("time_total_s")", report.total_s);
  add(R"("timestamp")", std::to_string(time_ns / 1'000'000'000));
  add_text(R"("date")", to_date_text(time_ns));
  add_text(R"("trial_id")", std::string{place.trial_id});
  if (origin.pid)
    add(R"("pid")", std::to_string(*origin.pid));
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
  add(R"("iterations_since_restore")", std::to_string(place.iterations_since_restore));
  add_number(R"("time_since_restore")", place.time_since_restore);
  arrange(report.metrics, m);
}

void report_row::add(std::string_view key, std::string value, std::string bare) {
  automatic_.push_back({key, std::move(value), std::move(bare)});
}

void report_row::add(std::string_view key, std::string value) {
  add(key, value, value);
}

void report_row::add_number(std::string_view key, double value) {
  std::string text;
  write_json_number(text, value);
  add(key, std::move(text), to_text(value));
}

void report_row::add_text(std::string_view key, const std::string& text) {
  std::string quoted;
  write_json_text(quoted, text);
  add(key, std::move(quoted), text);
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
    columns_.back().value = same->value;
    columns_.back().bare = same->bare;
  }
  for (std::size_t k = 0; k < automatic_.size(); ++k)
    if (const auto& a = automatic_[k]; !placed[k])
      columns_.push_back({a.name(), a.key, a.value, a.bare});
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
