#include "actors/actor_kit.hpp"

#include <algorithm>
#include <atomic>

using namespace troupe;
using namespace troupe::testing;

namespace {

/// Four trials, `n` = 1, 2, 3, 4.
study counting() {
  study s;
  s.metric = "loss";
  s.space.add("n", grid_search{{1, 2, 3, 4}});
  return s;
}

void report_once(trial& t) {
  std::ignore = t.report({{"loss", t.param<double>("n")}});
}

study_results finished(const study& s, const capacity& total, std::function<void(trial&)> train) {
  actor_bench bench;
  study_setup setup{
      s, {.name = "test", .train = std::move(train)}, spawn_broker(bench.system, total), {}, {},
      {}};
  return finish(bench.system, spawn_study(bench.system, std::move(setup)));
}

} // namespace

TEST_CASE("trials get what their configurations ask for; one that asks too much fails alone") {
  auto s = counting();
  s.per_config = {{"cpu", {"n"}}};
  s.max_failures = 3; // which are of no use to it
  std::atomic<int> used = 0, most = 0;
  const auto results = finished(s, {.cpus = 3}, [&](trial& t) {
    const int own = t.param<int>("n");
    CHECK(t.threads() == own);
    most = std::max(most.load(), used += own);
    report_once(t);
    used -= own;
  });
  CHECK(most <= 3);
  REQUIRE(results.trials.size() == 4);
  for (int i = 0; i < 3; ++i)
    CHECK(results.trials[i].state == trial_state::completed);
  CHECK(results.trials[3].state == trial_state::failed);
  CHECK(results.trials[3].reason_kind == reason_kind::no_resources);
  CHECK(results.trials[3].reason == "a trial needs 4 CPUs, and there are 3");
  CHECK(results.interrupted.empty());
}

TEST_CASE(
    "a trial whose amount cannot be worked out fails alone, or ends a study that fails fast") {
  auto s = counting();
  s.per_config = {{"cpu", {"n == 2 and 'two' or 1"}}};
  const auto results = finished(s, {.cpus = 1}, report_once);
  CHECK(results.trials[1].state == trial_state::failed);
  CHECK(results.trials[1].reason.ends_with("is no number but the text \"two\""));
  CHECK(std::ranges::count(results.trials, trial_state::completed, &trial_summary::state) == 3);
  CHECK(results.best == 0);

  s.fail_fast = true;
  const auto ended = finished(s, {.cpus = 1}, report_once);
  CHECK(ended.interrupted == "fail_fast: trial 00001 failed");
}

TEST_CASE("trials that ask for too much fail one by one, whoever comes first") {
  study s;
  s.metric = "loss";
  s.space.add("n", grid_search{{32, 16, 1, 64, 2}});
  s.per_config = {{"cpu", {"n"}}};
  const auto results = finished(s, {.cpus = 2}, report_once);
  REQUIRE(results.trials.size() == 5);
  CHECK(results.trials[0].reason == "a trial needs 32 CPUs, and there are 2");
  CHECK(results.trials[1].reason == "a trial needs 16 CPUs, and there are 2");
  CHECK(results.trials[2].state == trial_state::completed);
  CHECK(results.trials[3].reason == "a trial needs 64 CPUs, and there are 2");
  CHECK(results.trials[4].state == trial_state::completed);
  CHECK(results.broken.empty());
  CHECK(results.best == 2);
}

TEST_CASE("of something of one's own no more is in use than there is") {
  auto s = counting();
  s.per_trial.custom["license"] = 1;
  std::atomic<int> used = 0;
  const auto results = finished(s, {.cpus = 4, .custom = {{"license", 1}}}, [&](trial& t) {
    CHECK(++used == 1);
    report_once(t);
    --used;
  });
  CHECK(std::ranges::count(results.trials, trial_state::completed, &trial_summary::state) == 4);
  CHECK(finished(s, {.cpus = 4}, report_once).broken ==
        R"(a trial needs 1 of "license", and there are 0)");
}
