#include "exports/tensorboard_runs.hpp"

#include "exports/exported_study.hpp"
#include "exports/tensorboard_events.hpp"
#include "store/files.hpp"

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe {

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using tensorboard::hparam;
using tensorboard::session_status;
using parameters = std::vector<std::pair<std::string, json::value>>;

double seconds_of(std::int64_t ns) {
  return static_cast<double>(ns) * 1e-9;
}

/// Its name is the usual one but for the host and the process: who has written it does not matter.
void write_run(const fs::path& folder, std::int64_t began_ns, std::string_view records) {
  create_folder(folder);
  const auto name = fmt::format("events.out.tfevents.{:010}.troupe", began_ns / 1'000'000'000);
  output_file::create(folder / name).write(records);
}

hparam::type type_of(const json::value& v) {
  if (v.is_bool()) return hparam::type::boolean;
  return v.is_number() ? hparam::type::number : hparam::type::text;
}

/// Those of all trials; one that is a number here and a text there is a text.
std::vector<hparam> hparams_of(const std::vector<parameters>& all) {
  std::vector<hparam> found;
  std::map<std::string, std::size_t, std::less<>> places;
  for (const auto& one : all)
    for (const auto& [name, v] : one) {
      const auto [at, is_new] = places.try_emplace(name, found.size());
      if (is_new)
        found.push_back({name, type_of(v)});
      else if (found[at->second].kind != type_of(v))
        found[at->second].kind = hparam::type::text;
    }
  return found;
}

session_status status_of(trial_state s) {
  if (s == trial_state::completed || s == trial_state::stopped) return session_status::success;
  if (s == trial_state::failed) return session_status::failure;
  return s == trial_state::running ? session_status::running : session_status::unknown;
}

std::string records_of(const exported_trial& t, const parameters& params, trial_state state) {
  const double began = seconds_of(t.started_ns);
  auto records =
      tensorboard::version_record(began) + tensorboard::session_start_record(began, params);
  for (const auto& r : t.reports)
    for (const auto& [name, value] : r.metrics)
      records += tensorboard::scalar_record(seconds_of(r.time_ns), r.iteration, name, value);
  if (t.ended_ns > 0)
    records += tensorboard::session_end_record(seconds_of(t.ended_ns), status_of(state));
  return records;
}

} // namespace

std::size_t write_tensorboard(const opened_results& study, const fs::path& folder) {
  const auto& r = study.results();
  const auto trials = read_trials(study);
  std::vector<parameters> params;
  std::int64_t began_ns = 0;
  for (std::size_t n = 0; n < trials.size(); ++n) {
    params.push_back(flattened(r.trials[n].config));
    if (trials[n].started_ns > 0 && (began_ns == 0 || trials[n].started_ns < began_ns))
      began_ns = trials[n].started_ns;
  }
  const double began = seconds_of(began_ns);
  write_run(folder, began_ns,
            tensorboard::version_record(began) +
                tensorboard::experiment_record(began, r.name, hparams_of(params),
                                               names_of_metrics(trials)));
  std::size_t runs = 0;
  for (std::size_t n = 0; n < trials.size(); ++n) {
    if (trials[n].started_ns == 0) continue;
    write_run(folder / trial_id(static_cast<trial_number>(n)), trials[n].started_ns,
              records_of(trials[n], params[n], r.trials[n].state));
    ++runs;
  }
  return runs;
}

} // namespace troupe
