// What every scheduler must do, whatever its rule: they are all those that a study file can name.

#include "search/course_kit.hpp"

#include <set>

using namespace troupe;

namespace {

/// All schedulers, and some again with other options.
std::vector<std::string> all_schedulers() {
  std::vector<std::string> all;
  for (const auto* p : scheduler_plugins())
    if (p->name != "pbt_replay")
      all.push_back(scheduler_with_options(p->name)); // it is for one trial
  all.emplace_back(R"({"name": "asha", "max_t": 9, "variant": "promotion"})");
  all.emplace_back(R"({"name": "asha", "max_t": 9, "brackets": 2})");
  all.emplace_back(R"({"name": "hyperband", "max_t": 9, "reduction_factor": 2})");
  all.emplace_back(R"({"name": "pbt", "time_attr": "training_iteration", "synch": true,
                       "perturbation_interval": 3, "hyperparam_mutations": {"x": [0.25, 0.5]}})");
  all.emplace_back(R"({"name": "resource_changing", "base": {"name": "asha", "max_t": 9}})");
  return all;
}

} // namespace

TEST_CASE("with every scheduler a study ends when all its trials have, whatever happens to them") {
  for (const auto& scheduler : all_schedulers())
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
      CAPTURE(scheduler);
      CAPTURE(seed);
      observed_course live{parsed(R"({"name": "random"})", scheduler)};
      live.course.begin(0);
      world outside{seed};
      for (int i = 0; i < 20'000 && !live.course.machine().finished(); ++i)
        outside.step(live.course);
      REQUIRE(live.course.machine().finished());
      for (const auto& t : live.course.machine().results().trials)
        CHECK(is_final(t.state));
    }
}

TEST_CASE("with every scheduler a study taken over from its journal decides as if never away") {
  for (const auto& scheduler : all_schedulers())
    for (std::uint64_t seed = 0; seed < 12; ++seed) {
      CAPTURE(scheduler);
      CAPTURE(seed);
      check_taken_over(parsed(R"({"name": "random"})", scheduler), seed,
                       static_cast<int>(seed * 23));
    }
}

TEST_CASE("schedulers that have a max_t let no trial go beyond it") {
  for (const auto& scheduler : all_schedulers()) {
    if (scheduler.find("max_t") == scheduler.npos) continue;
    CAPTURE(scheduler);
    observed_course live{parsed(R"({"name": "random"})", scheduler)};
    live.course.begin(0);
    world outside{4};
    outside.always_checkpoints = true;
    for (int i = 0; i < 20'000 && !live.course.machine().finished(); ++i)
      outside.step(live.course);
    int longest = 0;
    for (const auto& t : live.course.machine().results().trials)
      longest = std::max(longest, t.iterations);
    CHECK(longest == 9);
  }
}

TEST_CASE("only schedulers that say so stop or change trials for the sake of others") {
  observed_course live{parsed(R"({"name": "random"})", R"({"name": "fifo"})")};
  live.course.begin(0);
  world outside{3};
  for (int i = 0; i < 20'000 && !live.course.machine().finished(); ++i)
    outside.step(live.course);
  for (const auto& e : live.journal) {
    CHECK_FALSE(std::holds_alternative<event_kind::trial_exploited>(e->body));
    CHECK_FALSE(std::holds_alternative<event_kind::trial_paused>(e->body));
    if (const auto* decided = std::get_if<event_kind::trial_decided>(&e->body))
      CHECK(decided->reason == "loss is nan: the training has diverged");
  }
}
