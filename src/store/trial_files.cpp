#include "store/trial_files.hpp"

#include "base/json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <map>
#include <string_view>
#include <utility>

namespace troupe {

namespace {

namespace json = boost::json;

/// Returns `v` with the keys of its objects in alphabetical order.
json::value sorted(const json::value& v) {
  if (const auto* array = v.if_array()) {
    json::array out;
    for (const auto& element : *array)
      out.push_back(sorted(element));
    return out;
  }
  if (const auto* object = v.if_object()) {
    std::map<std::string_view, const json::value*> members;
    for (const auto& member : *object)
      members.emplace(member.key(), &member.value());
    json::object out;
    for (const auto& [key, value] : members)
      out.emplace(key, sorted(*value));
    return out;
  }
  return v;
}

} // namespace

trial_files::trial_files(std::filesystem::path folder, trial_number number, const config& c)
    : folder_{std::move(folder)},
      id_{trial_id(number)},
      results_{folder_ / "result.json"},
      progress_{folder_ / "progress.csv"} {
  create_folder(folder_);
  take_config(c);
}

void trial_files::take_config(const config& c) {
  config_.clear();
  write_json(config_, c);
  replace_file(folder_ / "params.json", to_pretty_text(sorted(c)));
}

void trial_files::begin_attempt() {
  iterations_since_restore_ = 0;
  time_since_restore_ = 0;
  if (next_config_) take_config(*std::exchange(next_config_, std::nullopt));
}

void trial_files::add_report(const event_kind::trial_reported& report, const written_metrics& m,
                             std::int64_t time_ns, const report_origin& origin) {
  ++iterations_since_restore_;
  time_since_restore_ += report.iteration_s;
  const report_row row{
      report, m, time_ns, {id_, iterations_since_restore_, time_since_restore_}, origin};
  progress_.append(row.cells());
  std::string line;
  row.append_line(line, config_);
  results_.append(line);
}

void trial_files::flush() {
  results_.flush();
  progress_.flush();
}

void trial_files::close() {
  results_.close();
  progress_.close();
}

} // namespace troupe
