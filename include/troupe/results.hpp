#pragma once

#include <troupe/config.hpp>
#include <troupe/metrics.hpp>
#include <troupe/reason_kind.hpp>
#include <troupe/scope.hpp>
#include <troupe/searcher.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// Where a trial is in its life.
enum class trial_state : std::uint8_t {
  pending,     ///< Waits for resources, for the first time or to be tried again.
  running,     ///<
  paused,      ///< Waits, with a checkpoint, to be continued.
  completed,   ///< Ended by itself.
  stopped,     ///< Ended by a rule.
  failed,      ///< Threw, or broke a promise, more often than max_failures allows.
  interrupted, ///< Was running when the study was interrupted.
};

/// Returns "pending", "running", …
std::string_view to_string(trial_state) noexcept;

/// Returns whether a trial in this state will never run again.
bool is_final(trial_state) noexcept;

/// A report that a trial has made.
struct past_report {
  int iteration = 0;
  troupe::metrics metrics;
  troupe::config config; ///< That it was made with.
};

/// What a study knows of one trial.
struct trial_summary {
  trial_number number = 0;
  trial_state state = trial_state::pending;
  std::string reason;                ///< Why it is in that state: which rule, which error.
  troupe::reason_kind reason_kind{}; ///< Of which kind that is.
  troupe::config config;             ///< That its last report was made with.
  int iterations = 0;                ///< Reports made, counted through retries.
  metrics last;                      ///< Of the last report.
  std::optional<int> checkpoint;     ///< Number of the last report's checkpoint, if it had one.
  /// Number of the best report's checkpoint, by `keep_by` if the study has that; if it had one.
  std::optional<int> best_checkpoint;
  /// Where the study's scope is not "last": the metric that trials are compared by, by that scope.
  std::optional<double> score{};
  /// With the scope "all": the report with that score; else none.
  std::shared_ptr<const past_report> best_report{};
  /// Number of the checkpoint that goes with what the trial is compared by: that of the best report
  /// with the scope "all", else that of the last; if the report had none, of the latest before it.
  std::optional<int> scope_checkpoint{};
  double wall_s = 0; ///< Time spent training, in seconds.
};

/// Return the metrics and the configuration of the report that a trial is compared by: its best
/// with the scope "all", else its last.
/// @{
const metrics& compared_metrics(const trial_summary& t) noexcept;
const config& compared_config(const trial_summary& t) noexcept;
/// @}

/// What a study came to.
struct study_results {
  std::string name;
  std::string metric;
  std::string trial_name; ///< As the study says: see name_of().
  troupe::scope scope = troupe::scope::last;
  std::vector<trial_summary> trials; ///< By number.
  /// The trial that is best by the study's scope among those not failed, NaN and infeasible ones
  /// excluded; with several objectives, the best in the first of them.
  std::optional<trial_number> best;
  /// With several objectives, the trials whose last report no other dominates.
  std::vector<trial_number> pareto_front;
  double wall_s = 0;
  std::string interrupted; ///< Why the study ended before its time; empty if it did not.
  /// Why the study could not go on: its searcher or scheduler threw, or a trial needs what there is
  /// not. Empty if it could.
  std::string broken;
  std::string not_recorded;   ///< Why the results folder lacks what is here; empty if it has all.
  std::uint64_t recorded = 0; ///< How many events of the study the results folder has.
  std::vector<trial_number> stuck; ///< Trials whose function did not return when told to.
};

/// Returns what a trial with configuration `c` is called by a study's `trial_name`; empty where
/// that is. Where a scheduler changes configurations, names follow.
std::string name_of(const std::string& trial_name, trial_number n, const config& c);

} // namespace troupe
