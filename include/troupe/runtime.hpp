#pragma once

#include <troupe/actors.hpp>
#include <troupe/errors.hpp>
#include <troupe/event_driven.hpp>
#include <troupe/resources.hpp>
#include <troupe/study.hpp>
#include <troupe/trainable.hpp>

#include <caf/actor_control_block.hpp>
#include <caf/fwd.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
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
/// Nothing here changes the system's configuration. examples/embed is a whole program.
namespace troupe {

/// Registers Troupe's message types. Call it once, before the first caf::actor_system.
void init_actors();

/// A resource broker: hands out what there is to the studies that share it. Copies are the same
/// broker; it ends when the last of them, and the last study that uses it, is gone.
class resource_broker {
public:
  resource_broker() = default;
  explicit resource_broker(caf::strong_actor_ptr actor) noexcept : actor_{std::move(actor)} {}

  const caf::strong_actor_ptr& actor() const noexcept { return actor_; }

private:
  caf::strong_actor_ptr actor_;
};

/// Spawns a resource broker. Several studies may share one: together they never use more than
/// `total`. Throws std::invalid_argument if there is less than nothing of something, or more than
/// 1e9.
resource_broker spawn_broker(caf::actor_system& system, const capacity& total);

/// What a study needs to run.
struct study_setup {
  troupe::study study;
  troupe::trainable trainable; ///< Already loaded, if it has something to load.
  resource_broker broker;
  /// The results folder; empty: nothing is written down.
  std::filesystem::path folder{};
  /// What the broker's GPU 0, 1, … are called: "cuda:0". Empty: trials train on the CPU.
  std::vector<std::string> devices{};
  /// They see every event, the first included.
  std::vector<subscriber_actor> subscribers{};
  /// Makes another searcher than the one that the study names, as define_by_run does.
  std::function<std::unique_ptr<searcher>(const troupe::study&)> make_searcher{};
  /// Runs the trials instead of `trainable.train`: for what needs no thread (event_driven.hpp).
  trial_factory trials{};
  /// Goes on with the study that is in `folder`, if there is one, however it has ended. `study`
  /// says within which limits (study_limits); all else must be as it was.
  bool resume = false;
  bool retry_failed = false; ///< When it goes on: trials that have failed for good are tried again.
  /// When it goes on: told every event until then, in order, before anything is spawned.
  std::function<void(const event&)> past{};
  /// When it goes on: told what is missed, in a sentence each, before anything is spawned.
  std::function<void(const std::string&)> warn{};
};

/// Spawns a study. It does nothing until it gets start_study. Throws, with nothing spawned and
/// nothing left in the results folder, folder_error if that cannot be used or written to, and
/// std::invalid_argument if the searcher or the scheduler cannot be made, or if the study that is
/// to go on is another; and journal_error's base std::runtime_error if its journal is damaged.
///
/// A study that needs more of something than the broker will ever have ends when it asks for it:
/// study_results::interrupted says what.
///
/// A training function that does not return within half a minute when told to stop is left behind,
/// and named in study_results::stuck: it keeps running on its thread, with what it refers to,
/// though nobody listens to it any more. The actor system does not wait for it; but a thread cannot
/// be ended from outside, so a program that finds anyone stuck should leave by std::_Exit or
/// std::quick_exit, since what it would destroy on its way out of main may still be in use there.
study_actor spawn_study(caf::actor_system& system, study_setup setup);

} // namespace troupe
