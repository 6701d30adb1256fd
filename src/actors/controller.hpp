#pragma once

#include "actors/messages.hpp"
#include "actors/placement.hpp"
#include "actors/trial.hpp"
#include "search/life/study_course.hpp"
#include "store/study_layout.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// What a controller works with.
struct controller_setup {
  std::unique_ptr<study_course> course; ///< The study's, which has no crew yet.
  /// How it goes on, if it has taken over a journal.
  std::optional<study_course::resumption> resumption{};
  broker_actor broker;
  scheduler_actor scheduler;
  searcher_actor searcher;
  recorder_actor recorder; ///< May be null: then nothing is written down.
  trial_factory trials;
  std::uint64_t seed = 0;                ///< The study's.
  std::optional<double> time_budget_s{}; ///< For all of the study. None: as long as it takes.
  /// What the broker's GPU 0, 1, … are called: "cuda:0". Empty: trials train on the CPU.
  std::vector<std::string> devices;
  std::vector<subscriber_actor> subscribers;
  std::optional<study_layout> layout{}; ///< None if nothing is written down.
  /// How many bytes of checkpoints may wait to be saved before trials have to wait, too; and how
  /// many memory holds of trials' last ones before those on the disk are left to that.
  std::uint64_t most_checkpoint_bytes = std::uint64_t{1} << 30;
  caf::timespan stop_deadline = std::chrono::seconds{30}; ///< For trials that are told to end.
};

/// Spawns a study's controller. It owns the scheduler, searcher and recorder and ends them with
/// itself, when it has answered await_results; the broker may serve others and stays.
controller_actor spawn_controller(caf::actor_system& system, controller_setup setup);

} // namespace troupe
