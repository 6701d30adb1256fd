#pragma once

#include "actors/trial.hpp"

#include <troupe/actors.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace troupe {

/// What a controller works with.
struct controller_setup {
  troupe::study study;
  broker_actor broker;
  scheduler_actor scheduler;
  searcher_actor searcher;
  recorder_actor recorder; ///< May be null: then nothing is written down.
  trial_factory trials;
  std::size_t lookahead = 1; ///< Waiting trials that the scheduler would like to choose from.
  /// What the broker's GPU 0, 1, … are called: "cuda:0". Empty: trials train on the CPU.
  std::vector<std::string> devices;
  std::vector<subscriber_actor> subscribers;
  caf::timespan stop_deadline = std::chrono::seconds{30}; ///< For trials that are told to end.
};

/// Spawns a study's controller. It owns the scheduler, searcher and recorder and ends them with
/// itself; the broker may serve others and stays.
controller_actor spawn_controller(caf::actor_system& system, controller_setup setup);

} // namespace troupe
