#include "actors/actor_kit.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <iterator>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace troupe;
using namespace troupe::testing;

TEST_CASE("hyperband halves its brackets, whoever fails or ends early") {
  auto s = study_of(5 + 9);
  s.max_failures = 1;
  s.scheduler = {"hyperband", {{"max_t", 9}}}; // 3 to 9, 5 to 3, then 6 of 9 to 1
  event_log log;
  const auto results = run_study(
      s,
      [&log](trial& t) {
        while (log.so_far<event_kind::trial_added>() < 14)
          std::this_thread::yield(); // the brackets are as full as they will be
        const int id = std::stoi(t.id());
        for (int i = t.iteration() + 1; i <= 100; ++i) {
          if (id == 4 && i == 2) throw std::runtime_error{"bad luck"};
          if (id == 6 && i == 3) return;
          if (!t.report({{"loss", id + 1.0 / i}}, number_checkpoint(i))) return;
        }
      },
      3, &log);
  REQUIRE(results.trials.size() == 14);
  CHECK(count(results, trial_state::failed) == 1);
  CHECK(count(results, trial_state::completed) == 1);
  CHECK(count(results, trial_state::stopped) == 12);
  for (const auto& t : results.trials)
    CHECK(t.iterations <= 9);
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(results.trials[i].iterations == 9);
  for (std::size_t i = 11; i < 14; ++i)
    CHECK(results.trials[i].iterations == 1);
}

TEST_CASE("trials that wait for one that fails for good are ended when nothing else runs") {
  auto s = study_of(3);
  s.scheduler = {"hyperband", {{"max_t", 9}}};
  const auto results = run_study(
      s,
      [](trial& t) {
        for (int i = t.iteration() + 1; i <= 9; ++i) {
          if (t.id() == "00002" && i == 9) throw std::runtime_error{"bad luck"};
          if (!t.report({{"loss", 1.0 / i}}, number_checkpoint(i))) return;
        }
      },
      1);
  CHECK(results.trials[0].state == trial_state::stopped);
  CHECK(results.trials[0].reason == "hyperband: the last milestone, 9, is reached");
  CHECK(results.trials[1].state == trial_state::stopped);
  CHECK(results.trials[2].state == trial_state::failed);
}

TEST_CASE("a trial without checkpoints that is told to pause goes on, and lets others in") {
  auto s = study_of(4);
  s.scheduler = {"median", {{"time_attr", "training_iteration"}, {"grace_period", 0}}};
  const auto results = run_study(
      s,
      [](trial& t) {
        for (int i = 1; i <= 20; ++i)
          if (!t.report({{"loss", 1.0 / i}})) return;
      },
      2);
  CHECK(count(results, trial_state::completed) == 4);
}

TEST_CASE("asha with promotion gives slots to the best that wait, and ends the others at last") {
  auto s = study_of(9);
  s.scheduler = {"asha", {{"max_t", 9}, {"reduction_factor", 3}, {"variant", "promotion"}}};
  for (const double cpus : {1.0, 4.0}) {
    const auto results = run_study(
        s,
        [](trial& t) {
          for (int i = t.iteration() + 1; i <= 100; ++i)
            if (!t.report({{"loss", std::stoi(t.id()) + 1.0 / i}}, number_checkpoint(i))) return;
        },
        cpus);
    REQUIRE(results.trials.size() == 9);
    CHECK(count(results, trial_state::stopped) == 9);
    CHECK(results.trials[0].iterations == 9);
    CHECK(results.trials[0].reason == "asha: max_t 9 reached");
    if (cpus > 1) continue; // who comes to a rung first may be promoted early
    CHECK(results.trials[1].iterations == 3);
    CHECK(results.trials[2].reason ==
          "asha: waits at rung 3 to be among the best 1/3; nobody else is left to run");
    CHECK(results.trials[8].reason ==
          "asha: waits at rung 1 to be among the best 1/3; nobody else is left to run");
  }
}

TEST_CASE("a trial knows whether it is to pause or to end, and has no folder if nothing is kept") {
  auto s = study_of(9);
  s.scheduler = {"asha", {{"max_t", 9}, {"reduction_factor", 3}, {"variant", "promotion"}}};
  event_log log;
  std::atomic<std::ptrdiff_t> paused = 0;
  std::atomic<bool> has_folder = false;
  run_study(
      s,
      [&](trial& t) {
        has_folder = has_folder || !t.folder().empty();
        for (int i = t.iteration() + 1; i <= 100; ++i)
          if (!t.report({{"loss", std::stoi(t.id()) + 1.0 / i}}, number_checkpoint(i))) {
            if (t.pausing()) ++paused;
            return;
          }
      },
      1, &log);
  CHECK(paused > 0);
  CHECK(paused == std::ssize(log.all<event_kind::trial_paused>()));
  CHECK(!has_folder);
}

TEST_CASE("a trial goes on with the CPUs that others have left") {
  auto s = study_of(3);
  s.cpus = 4;
  s.scheduler = {"resource_changing", {}};
  event_log log;
  std::mutex mutex;
  std::vector<int> threads; // of the last trial, at each start
  const auto results = run_study(
      s,
      [&](trial& t) {
        const bool last = t.id() == "00002";
        if (last) {
          const std::lock_guard lock{mutex};
          threads.push_back(t.threads());
        }
        for (int i = t.iteration() + 1; i <= (last ? 9 : 2); ++i) {
          while (last && i == 3 && log.so_far<event_kind::trial_ended>() < 2)
            std::this_thread::yield();
          if (!t.report({{"loss", 1.0}}, number_checkpoint(i))) return;
        }
      },
      4, &log);
  CHECK(count(results, trial_state::completed) == 3);
  CHECK(results.trials[2].iterations == 9);
  CHECK(threads.front() == 1);
  CHECK(threads.back() == 4);
  for (const auto& e : log.all<event_kind::trial_started>())
    CHECK(e.lease.cpu <= 4);
}
