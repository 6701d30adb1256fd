#pragma once

#include <troupe/resources.hpp>
#include <troupe/scope.hpp>
#include <troupe/space.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

class registry;

/// Which way a metric gets better.
enum class direction : std::uint8_t { min, max };

/// A metric that trials are judged by.
struct objective {
  std::string metric;
  direction mode = direction::min;

  friend bool operator==(const objective&, const objective&) = default;
};

/// Ends a trial when a metric passes a bound.
struct stop_rule {
  std::string metric;
  enum class side : std::uint8_t { at_least, at_most } when = side::at_least;
  double bound = 0;

  friend bool operator==(const stop_rule&, const stop_rule&) = default;
};

/// A named choice with options, as in `"scheduler": {"name": "asha", "max_t": 10}`.
struct named_options {
  std::string name;
  boost::json::object options; ///< Without "name".
};

/// What trials need depends on their configurations: an amount by the name of each such resource,
/// which is "cpu", "gpu", "memory_gb" or one that the study counts as `custom`. The expressions
/// read parameters, as those of the space do, and draw nothing.
using amounts_by_config = std::map<std::string, expression>;

/// What a crash may take. Whatever is shown outside of the process is in the journal's file before,
/// and survives SIGKILL.
enum class durability : std::uint8_t {
  sync,  ///< Nothing: it is shown when it survives a power cut.
  group, ///< SIGKILL nothing, a power cut the last 20 ms.
  off,   ///< SIGKILL nothing, a power cut whatever the system had not put on the disk.
};

/// Where trials train.
enum class isolation : std::uint8_t {
  thread,  ///< In threads of the study's process.
  process, ///< Each in a process of its own (troupe/isolation.hpp); a command always does.
};

/// Commands that are told what happens in a study; empty: nobody is. Each gets a JSON object on its
/// standard input (docs/formats.md), has a minute, and harms nothing by failing.
struct study_hooks {
  std::vector<std::string> best;    ///< A report is better than all before it.
  std::vector<std::string> failure; ///< A trial has failed for good.
  std::vector<std::string> end;     ///< The study has ended, for whatever reason.

  friend bool operator==(const study_hooks&, const study_hooks&) = default;
};

/// A study: what to try, how to judge it, and what it may cost. The fields are the keys of the
/// study file (docs/formats.md).
struct study {
  std::string name = "study";
  named_options trainable;
  search_space space;
  std::string metric;
  direction mode = direction::min;
  std::vector<objective> further_objectives; ///< Beside metric: for several objectives at once.
  std::vector<std::string> constraints;      ///< Metrics; a trial is feasible where all are <= 0.
  troupe::scope scope = troupe::scope::last; ///< Which report is a trial's best.
  named_options searcher{"random", {}};
  named_options scheduler{"fifo", {}};
  /// How often the space is sampled. Each sample is one trial, or one for each point of its grid;
  /// number_of_trials() has the total. It includes points_to_evaluate.
  std::uint64_t num_samples = 1;
  /// Configurations to try first, whole or in part: what they leave open is drawn, or enumerated.
  std::vector<config> points_to_evaluate;
  /// Draw once per sample and not anew at each point of its grid.
  bool constant_grid_search = false;
  resources per_trial;
  amounts_by_config per_config; ///< In the place of those amounts of per_trial.
  custom_amounts custom;        ///< Things of the user's own: how much the study may use of each.
  std::optional<std::uint32_t> max_concurrent; ///< Trials at once; default: as resources allow.
  std::optional<double> cpus, gpus;            ///< What the study may use; default: the machine.
  std::optional<double> time_budget_s;
  std::optional<double> time_limit_s;     ///< For each attempt of a trial, from its start on.
  std::optional<double> progress_limit_s; ///< For each report, from the last one or the start on.
  std::vector<stop_rule> stop;
  std::vector<named_options> stoppers;  ///< Further rules that end trials, or the study.
  std::vector<named_options> callbacks; ///< Of the program (troupe/plugins.hpp) that runs it.
  study_hooks on;
  std::uint32_t max_failures = 0;   ///< Retries per trial.
  bool fail_fast = false;           ///< End the study at the first trial that fails for good.
  std::uint32_t keep_best = 1;      ///< Checkpoints kept per trial: so many of its best reports,
  std::uint32_t keep_last = 1;      ///< and so many of its last.
  std::optional<objective> keep_by; ///< By which reports are the best there; default: `metric`.
  /// What trials are called beside their ids: a text with parameters in it, as
  /// "lr{lr}-{TROUPE_TRIAL}".
  std::string trial_name;
  std::uint64_t seed = 0;
  /// Whether trials get params.json, result.json and progress.csv, which say no more than the
  /// journal; default: see writes_trial_files().
  std::optional<bool> trial_files;
  troupe::durability durability = troupe::durability::group; ///< Of the journal.
  troupe::isolation isolation = troupe::isolation::thread;
  bool reuse = false; ///< A process that has trained a trial to its end takes another.
  /// Which of its trainable's engines trains; empty: "auto", until the study is made.
  std::string engine;

  /// Returns all objectives, `metric` first.
  std::vector<objective> objectives() const;

  /// By which metric, and in which direction, reports are the best where checkpoints are kept.
  /// @{
  const std::string& keep_metric() const noexcept { return keep_by ? keep_by->metric : metric; }
  direction keep_mode() const noexcept { return keep_by ? keep_by->mode : mode; }
  /// @}

  /// Judges trials by these metrics, the first one first. Throws std::invalid_argument for none.
  void set_objectives(const std::vector<objective>& all);
};

/// How far a study goes and what it may cost: what may be changed while it is under way. The fields
/// are those of study.
struct study_limits {
  std::uint64_t num_samples = 1;
  resources per_trial;
  amounts_by_config per_config;
  custom_amounts custom;
  std::optional<std::uint64_t> max_concurrent;
  std::optional<double> cpus, gpus;
  std::optional<double> time_budget_s, time_limit_s, progress_limit_s;
  std::vector<stop_rule> stop;
  std::uint64_t max_failures = 0;
  bool fail_fast = false;
  std::uint64_t keep_best = 1, keep_last = 1;

  friend bool operator==(const study_limits&, const study_limits&) = default;
};

/// Returns the limits of a study.
study_limits limits_of(const study&);

/// Returns the study with other limits.
study with_limits(study s, const study_limits& limits);

/// Returns how many trials a study has: for each point to evaluate, the points of that part of the
/// grid which it leaves open; for each of the remaining samples, the points of the grid. (As in Ray
/// Tune, all points to evaluate count, even if they are more than num_samples.) The largest uint64
/// if there are more than that holds.
std::uint64_t number_of_trials(const study&);

/// Returns what "trial_files" comes to: as the study says, else whether it has at most 1,000
/// trials.
bool writes_trial_files(const study&);

/// One thing that is wrong with a study file or an option.
struct fault {
  std::string where;   ///< "study.json:3:14", or "--set KEY".
  std::string path;    ///< "space/lr"; empty if the fault is not at a key.
  std::string problem; ///< What is wrong; what is allowed.

  /// Returns "where: path: problem".
  std::string text() const;
};

/// A study file has faults: all of them, in the order of the file.
class invalid_study : public std::runtime_error {
public:
  explicit invalid_study(std::vector<fault> faults);
  const std::vector<fault>& faults() const noexcept { return faults_; }

private:
  std::vector<fault> faults_;
};

/// Reads a study file: JSON with comments and trailing commas. `overrides` are KEY=JSON pairs, KEY
/// a path of the file, applied before the check; a value that is not JSON counts as a string. With
/// `known`, the study must name one of these trainables, and its options, parameters and metric are
/// checked against what the trainable says it wants. Throws invalid_study with every fault.
study read_study(const std::filesystem::path& file, const std::vector<std::string>& overrides = {},
                 const registry* known = nullptr);

/// The same for a text; `name` is what faults call it.
study parse_study(std::string_view text, const std::string& name,
                  const std::vector<std::string>& overrides = {}, const registry* known = nullptr);

/// Returns the study as a study file, every key written out: what a run stores as study.json. Where
/// an option of the trainable is a secret (docs/formats.md), it says only that it is not stored.
boost::json::object to_json(const study&);

} // namespace troupe
