#pragma once

#include <troupe/actors.hpp>
#include <troupe/errors.hpp>
#include <troupe/resources.hpp>
#include <troupe/study.hpp>
#include <troupe/trainable.hpp>

#include <caf/fwd.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

/// Running studies inside a CAF system of your own.
///
///     troupe::init_actors();                       // before the first actor_system
///     caf::actor_system_config cfg;
///     caf::actor_system sys{cfg};
///     auto broker = troupe::spawn_broker(sys, troupe::machine_capacity());
///     auto study = troupe::spawn_study(sys, {.study = …, .trainable = …, .broker = broker});
///     caf::anon_send(study, troupe::start_study{});
///     // ask `study` for await_results{}
///
/// examples/embed is a whole program.
namespace troupe {

/// Registers Troupe's message types. Call it once, before the first caf::actor_system.
void init_actors();

/// Spawns a resource broker. Several studies may share one: together they never use more than
/// `total`.
broker_actor spawn_broker(caf::actor_system& system, const capacity& total);

/// What a study needs to run.
struct study_setup {
  troupe::study study;
  troupe::trainable trainable; ///< Already loaded, if it has something to load.
  broker_actor broker;
  /// The results folder; empty: nothing is written down.
  std::filesystem::path folder{};
  /// What the broker's GPU 0, 1, … are called: "cuda:0". Empty: trials train on the CPU.
  std::vector<std::string> devices{};
  /// They see every event, the first included.
  std::vector<subscriber_actor> subscribers{};
  /// Makes another searcher than the one that the study names, as define_by_run does.
  std::function<std::unique_ptr<searcher>(const troupe::study&)> make_searcher{};
};

/// Spawns the actors of a study and returns their controller. It does nothing until it gets
/// start_study; after it has answered await_results all of them end. Throws folder_error if the
/// results folder cannot be used.
///
/// A training function that never returns when told to stop keeps its thread, and so the actor
/// system, alive: study_results::stuck names such trials.
controller_actor spawn_study(caf::actor_system& system, study_setup setup);

} // namespace troupe
