#include "actors/actor_kit.hpp"
#include "base/json.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <string>
#include <thread>

using namespace troupe;
using namespace troupe::testing;

namespace {

/// A study of trials that are worth what "gain" adds up to, report by report.
study growing(std::uint64_t trials, std::string_view name, std::string_view options) {
  auto s = study_of(trials);
  s.metric = "sum";
  s.mode = direction::max;
  s.space = search_space{}.add("gain", uniform{0, 1});
  s.scheduler = {std::string{name}, parse_json(options).as_object()};
  for (std::uint64_t i = 0; i < trials; ++i)
    s.points_to_evaluate.push_back({{"gain", static_cast<double>(i + 1)}});
  return s;
}

/// Reports `count` times and saves the sum each time.
std::function<void(trial&)> grow(int count) {
  return [count](trial& t) {
    int sum = t.last_checkpoint() ? number_of(t.last_checkpoint()) : 0;
    for (int i = t.iteration(); i < count; ++i) {
      sum += static_cast<int>(std::lround(t.param<double>("gain")));
      if (!t.report({{"sum", static_cast<double>(sum)}}, number_checkpoint(sum))) return;
    }
  };
}

} // namespace

TEST_CASE("a bad trial goes on from a good one's checkpoint, with its configuration") {
  const auto s = growing(2, "pbt", R"({"time_attr": "training_iteration",
      "perturbation_interval": 5, "resample_probability": 0, "perturbation_factors": [10],
      "hyperparam_mutations": {"gain": {"uniform": [0, 100]}}})");
  event_log log;
  std::mutex mutex;
  std::map<std::string, double> first_sum; // by trial and gain
  const auto results = run_study(
      s,
      [&](trial& t) {
        {
          const std::lock_guard lock{mutex};
          first_sum.emplace(t.id() + "/" + std::to_string(std::lround(t.param<double>("gain"))),
                            t.last_checkpoint() ? number_of(t.last_checkpoint()) : 0);
        }
        grow(20)(t);
      },
      1, &log);
  const auto taken = log.all<event_kind::trial_exploited>();
  REQUIRE_FALSE(taken.empty());
  // One slot: 0 pauses at 5, then 1 comes to 5; 0 is seen to be worse at 10.
  CHECK(taken[0].donor == 1);
  CHECK(taken[0].iteration == 5);
  CHECK(taken[0].config.at("gain") == 20.0);
  CHECK(first_sum.at("00000/1") == 0);
  CHECK(first_sum.at("00000/20") == 10); // 5 reports of a gain of 2
  for (const auto& t : results.trials)
    CHECK(t.state == trial_state::completed);
  CHECK(*results.trials[0].last.find("sum") > 20); // all that a gain of 1 can come to
  CHECK(results.trials[0].config.at("gain").as_double() >= 20);
}

TEST_CASE("all trials of a population come to its end, however many run at once") {
  for (const double cpus : {1.0, 3.0, 8.0})
    for (const std::string synch : {"true", "false"}) {
      CAPTURE(cpus);
      CAPTURE(synch);
      const auto s = growing(8, "pbt", R"({"time_attr": "training_iteration",
          "perturbation_interval": 3, "hyperparam_mutations": {"gain": [1, 2, 3, 4, 5, 6, 7, 8]},
          "synch": )" + synch + "}");
      const auto results = run_study(s, grow(15), cpus);
      for (const auto& t : results.trials) {
        CHECK(t.state == trial_state::completed);
        CHECK(t.iterations == 15);
      }
    }
}

TEST_CASE("together, the worst take over even if the last one waited for fails") {
  auto s = growing(3, "pbt", R"({"time_attr": "training_iteration",
      "perturbation_interval": 5, "hyperparam_mutations": {"gain": {"uniform": [0, 1]}},
      "synch": true})");
  event_log log;
  const auto results = run_study(
      s,
      [&](trial& t) {
        if (t.id() == "00002") {
          while (log.so_far<event_kind::trial_paused>() < 2)
            std::this_thread::yield();
          throw std::runtime_error{"bad luck"};
        }
        grow(8)(t);
      },
      3, &log);
  CHECK(results.trials[2].state == trial_state::failed);
  CHECK(log.all<event_kind::trial_exploited>().size() == 1);
  CHECK(results.trials[0].state == trial_state::completed);
  CHECK(results.trials[1].state == trial_state::completed);
}

TEST_CASE("reports without checkpoints are compared, but nothing is taken over") {
  const auto s = growing(3, "pbt", R"({"time_attr": "training_iteration",
      "perturbation_interval": 2, "hyperparam_mutations": {"gain": {"uniform": [0, 1]}}})");
  event_log log;
  const auto results = run_study(
      s,
      [](trial& t) {
        for (int i = 1; i <= 10; ++i)
          if (!t.report({{"sum", i * t.param<double>("gain")}})) return;
      },
      2, &log);
  CHECK(log.all<event_kind::trial_exploited>().empty());
  for (const auto& t : results.trials)
    CHECK(t.state == trial_state::completed);
}

TEST_CASE("a replayed policy changes a trial where it stands") {
  const auto s = growing(1, "pbt_replay", R"({"policy": [[2, {"gain": 10}], [5, {"gain": 100}]]})");
  event_log log;
  const auto results = run_study(s, grow(6), 1, &log);
  CHECK(results.trials[0].iterations == 6);
  CHECK(*results.trials[0].last.find("sum") == 2 * 1 + 3 * 10 + 100);
  CHECK(log.all<event_kind::trial_exploited>().size() == 2);
}
