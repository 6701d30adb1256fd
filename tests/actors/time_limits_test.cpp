#include "actors/actor_kit.hpp"

#include <atomic>
#include <thread>

using namespace troupe;
using namespace troupe::testing;
using namespace std::chrono_literals;

namespace {

void wait_to_be_stopped(const trial& t) {
  while (!t.stopping())
    std::this_thread::sleep_for(1ms);
}

} // namespace

TEST_CASE("a trial that runs for longer than it may has failed, and is tried again") {
  auto s = study_of(2);
  s.time_limit_s = 0.05;
  s.max_failures = 1;
  std::atomic<int> attempts = 0;
  event_log log;
  const auto results = run_study(
      s,
      [&](trial& t) {
        if (t.id() == "00000" && ++attempts > 0) return wait_to_be_stopped(t);
        t.report({{"loss", 1}});
      },
      2, &log);
  CHECK(attempts == 2);
  CHECK(results.trials[0].state == trial_state::failed);
  CHECK(results.trials[0].reason == "time_limit_s: it has run for 0.05 s");
  CHECK(results.trials[1].state == trial_state::completed);
  const auto decided = log.all<event_kind::trial_decided>();
  REQUIRE(decided.size() == 2);
  CHECK(decided[0].becomes == trial_state::failed);
}

TEST_CASE("a trial that falls silent has failed; it goes on from its last checkpoint") {
  auto s = study_of(1);
  s.progress_limit_s = 0.05;
  s.max_failures = 1;
  const auto results = run_study(s, [](trial& t) {
    if (!t.report({{"loss", 1}}, number_checkpoint(t.iteration() + 1))) return;
    if (t.iteration() == 0) wait_to_be_stopped(t);
  });
  CHECK(results.trials[0].state == trial_state::completed);
  CHECK(results.trials[0].iterations == 2);
}
