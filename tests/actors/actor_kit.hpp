#pragma once

#include "actors/broker.hpp"
#include "actors/caf_compat.hpp"
#include "actors/controller.hpp"
#include "actors/scheduler.hpp"
#include "actors/searcher.hpp"

#include <troupe/runtime.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace troupe::testing {

/// An actor system with Troupe's messages, as the program configures it.
class actor_bench {
public:
  actor_bench() : system{config_} {}

private:
  struct configured : caf::actor_system_config {
    configured() {
      static std::once_flag registered;
      std::call_once(registered, init_actors);
      set("caf.scheduler.policy", "sharing");
      set("caf.scheduler.max-threads", 2);
    }
  };
  configured config_;

public:
  caf::actor_system system;
};

/// All events of a study, seen by a subscriber. May be gone before the subscriber.
class event_log {
public:
  subscriber_actor spawn(caf::actor_system& system) {
    return system.spawn([state = state_]() -> subscriber_actor::behavior_type {
      return {
          [state](const event& e) {
            const std::lock_guard lock{state->mutex};
            state->events.push_back(std::make_shared<const event>(e));
            state->grown.notify_all();
          },
          [](const trial_progress&) {},
      };
    });
  }

  /// Returns all events of the study, once it has ended.
  std::vector<event_ptr> events() const {
    std::unique_lock lock{state_->mutex};
    state_->grown.wait(lock, [this] {
      const auto& seen = state_->events;
      return !seen.empty() && std::holds_alternative<event_kind::study_ended>(seen.back()->body);
    });
    return state_->events;
  }

  /// Returns how many events of one kind there have been so far.
  template <class Kind>
  std::ptrdiff_t so_far() const {
    const std::lock_guard lock{state_->mutex};
    return std::ranges::count_if(
        state_->events, [](const event_ptr& e) { return std::holds_alternative<Kind>(e->body); });
  }

  /// Returns the bodies of all events of one kind, in order, once the study has ended.
  template <class Kind>
  std::vector<Kind> all() const {
    std::vector<Kind> found;
    for (const auto& e : events())
      if (const auto* body = std::get_if<Kind>(&e->body)) found.push_back(*body);
    return found;
  }

private:
  struct shared {
    std::mutex mutex;
    std::condition_variable grown;
    std::vector<event_ptr> events;
  };
  std::shared_ptr<shared> state_ = std::make_shared<shared>();
};

inline study study_of(std::uint64_t trials) {
  study s;
  s.name = "test";
  s.metric = "loss";
  s.num_samples = trials;
  s.space.add("x", uniform{0, 1});
  return s;
}

/// What a trial would save: a number.
inline checkpoint number_checkpoint(int n) {
  const auto text = std::to_string(n);
  std::vector<std::byte> bytes(text.size());
  std::transform(text.begin(), text.end(), bytes.begin(), [](char c) { return std::byte(c); });
  return checkpoint{{blob{"number", std::move(bytes)}}};
}

inline int number_of(const checkpoint& c) {
  const auto& bytes = c.at("number").bytes;
  return std::stoi(std::string{reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

/// Starts a study and waits for its results.
inline study_results finish(caf::actor_system& system, const study_actor& study) {
  caf::scoped_actor self{system};
  auto answer = ask(self, study, caf::infinite, await_results{});
  anon_tell(study, start_study{});
  study_results results;
  std::move(answer).receive([&](study_results& r) { results = std::move(r); },
                            [](const caf::error& e) { FAIL(to_string(e)); });
  return results;
}

/// Runs a whole study without a results folder.
inline study_results run_study(study s, std::function<void(trial&)> train, double cpus = 2,
                               event_log* log = nullptr) {
  actor_bench bench;
  study_setup setup;
  setup.study = std::move(s);
  setup.trainable.name = "test";
  setup.trainable.train = std::move(train);
  setup.broker = spawn_broker(bench.system, {cpus, 0, {}});
  if (log) setup.subscribers.push_back(log->spawn(bench.system));
  return finish(bench.system, spawn_study(bench.system, std::move(setup)));
}

/// Returns how many trials are in a state.
inline int count(const study_results& results, trial_state state) {
  return static_cast<int>(std::ranges::count(results.trials, state, &trial_summary::state));
}

} // namespace troupe::testing
