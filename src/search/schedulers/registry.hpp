#pragma once

#include "base/options.hpp"
#include "search/schedulers/correctable_scheduler.hpp"
#include "search/schedulers/schedule_plan.hpp"

#include <troupe/plugins.hpp>
#include <troupe/study.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// A scheduler that a study can name: what it is called and can be told, what it needs and does,
/// and how to make it.
struct known_scheduler {
  const plugin& about;

  /// Null if the program has added it.
  std::unique_ptr<correctable_scheduler> (*make)(const study&) = nullptr;

  /// Returns whether, with these options, it cannot do without pausing trials, which takes
  /// trainables with checkpoints. Null: it can do without.
  bool (*must_pause)(const boost::json::object& options) = nullptr;

  /// Returns the brackets of a study that has it. Null: its judgement has no fixed times.
  std::vector<planned_bracket> (*plan)(const study&) = nullptr;

  /// Whether it stops, pauses or changes trials in favour of others.
  bool judges = true;

  /// Whether it makes use of several objectives, or does not look at them at all.
  bool many_objectives = false;

  /// Whether it changes configurations while trials run, from which no searcher should learn.
  bool changes_configurations = false;

  /// Whether it shares out all that the study may use.
  bool shares_machine = false;

  /// Returns what it needs and does in words: "takes one metric".
  std::vector<std::string> traits() const;
};

/// Makes another one known. Throws std::invalid_argument as registry::add does.
void add_scheduler(scheduler_plugin p);

/// Returns all there are.
std::vector<known_scheduler> known_schedulers();

/// Returns the one called `name`, if there is one.
std::optional<known_scheduler> find_scheduler(std::string_view name);

/// Return what is to be known of the options of all, and of those that another scheduler can wrap:
/// they leave configurations and resources alone.
/// @{
plugin_list scheduler_plugins();
plugin_list wrappable_scheduler_plugins();
/// @}

/// Returns whether the scheduler with its options cannot do without pausing trials.
bool must_pause(const named_options& scheduler);

/// Returns the scheduler that judges reports: the one that the study's wraps, if it wraps one.
named_options judging_scheduler(const study& s);

/// Returns the metric that tells the time to the scheduler that judges reports.
std::string time_attribute(const study& s);

} // namespace troupe
