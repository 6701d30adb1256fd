#include "store/trial_files.hpp"

#include "base/json.hpp"
#include "store/checkpoint_folder.hpp"
#include "store/study_layout.hpp"
#include "store/time_text.hpp"

#include <fmt/format.h>

#include <array>
#include <map>
#include <unistd.h>
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

std::string host_name() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return name.data();
}

} // namespace

trial_files::trial_files(std::filesystem::path folder, trial_number number, const config& c)
    : folder_{std::move(folder)},
      id_{trial_id(number)},
      config_{c},
      progress_{folder_ / "progress.csv"} {
  create_folder(folder_);
  remove_leftovers(folder_);
  replace_file(folder_ / "params.json", to_pretty_text(sorted(c)));
}

void trial_files::begin_attempt() {
  iterations_since_restore_ = 0;
  time_since_restore_ = 0;
  if (!next_config_) return;
  config_ = *std::exchange(next_config_, std::nullopt);
  replace_file(folder_ / "params.json", to_pretty_text(sorted(config_)));
}

void trial_files::complete(json::object& row, const event_kind::trial_reported& report,
                           std::int64_t time_ns) const {
  row.emplace("training_iteration", report.iteration);
  row.emplace("time_this_iter_s", number(report.iteration_s));
  row["time_total_s"] = number(report.total_s);
  row["timestamp"] = time_ns / 1'000'000'000;
  row["date"] = to_date_text(time_ns);
  row["trial_id"] = id_;
  row["pid"] = ::getpid();
  row["hostname"] = host_name();
  row["done"] = false;
  row["checkpoint_dir_name"] =
      report.checkpoint ? json::value(checkpoint_name(*report.checkpoint)) : json::value{};
  row["iterations_since_restore"] = iterations_since_restore_;
  row["time_since_restore"] = number(time_since_restore_);
}

void trial_files::add_report(const event_kind::trial_reported& report, json::object values,
                             std::int64_t time_ns) {
  ++iterations_since_restore_;
  time_since_restore_ += report.iteration_s;
  complete(values, report, time_ns);
  progress_.append(values);
  values["config"] = config_;
  if (!results_) results_ = output_file::append_to(folder_ / "result.json");
  results_.write(to_text(json::value(std::move(values))) + '\n');
}

void trial_files::add_failure(std::string_view error, std::int64_t time_ns) {
  output_file::append_to(folder_ / "error.txt")
      .write(fmt::format("Failure # {} (occurred at {})\n{}\n", ++failures_, to_date_text(time_ns),
                         error));
}

void trial_files::add_log(std::string_view line) {
  if (!log_) log_ = output_file::append_to(folder_ / "log.txt");
  log_.write(fmt::format("{}\n", line));
}

void trial_files::close() {
  results_ = {};
  log_ = {};
  progress_.close();
}

} // namespace troupe
