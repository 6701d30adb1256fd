#include "search/life/judging.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace troupe;

namespace {

study two_objectives() {
  study s;
  s.metric = "loss";
  s.further_objectives = {{"speed", direction::max}};
  s.constraints = {"memory"};
  return s;
}

/// Adds a trial that has reported this.
void add(study_results& r, double loss, double speed, double memory,
         trial_state state = trial_state::completed) {
  auto& t = r.trials.emplace_back();
  t.number = static_cast<trial_number>(r.trials.size() - 1);
  t.state = state;
  t.last = metrics{{"loss", loss}, {"speed", speed}, {"memory", memory}};
}

} // namespace

TEST_CASE("with several objectives the front is what no other trial dominates") {
  study_results r;
  add(r, 1, 1, 0);
  add(r, 2, 5, -1);
  add(r, 2, 4, 0);
  add(r, 0.5, 0.5, 0);
  judge(two_objectives(), r);
  CHECK(r.pareto_front == std::vector<trial_number>{0, 1, 3});
  CHECK(r.best == 3u);
}

TEST_CASE("what has failed, diverged or violates a constraint is not the best") {
  study_results r;
  add(r, 0, 9, 0, trial_state::failed);
  add(r, std::nan(""), 9, 0);
  add(r, 0, std::nan(""), 0);
  add(r, 0, 9, 0.1);
  add(r, 0, 9, std::nan(""));
  judge(two_objectives(), r);
  CHECK_FALSE(r.best);
  CHECK(r.pareto_front.empty());
  add(r, 7, 1, 0, trial_state::stopped);
  judge(two_objectives(), r);
  CHECK(r.best == 5u);
  CHECK(r.pareto_front == std::vector<trial_number>{5});
}

TEST_CASE("with one objective there is a best trial, the first of equals, and no front") {
  study s;
  s.metric = "speed";
  s.mode = direction::max;
  study_results r;
  add(r, 0, 1, 0);
  add(r, 0, 3, 0);
  add(r, 0, 3, 0);
  judge(s, r);
  CHECK(r.best == 1u);
  CHECK(r.pareto_front.empty());
}

TEST_CASE("a report must have all objectives and constraints") {
  const auto s = two_objectives();
  CHECK(missing_metric(s, {{"loss", 1}, {"speed", 1}, {"memory", 1}}).empty());
  CHECK(missing_metric(s, {{"speed", 1}, {"memory", 1}}) == "loss");
  CHECK(missing_metric(s, {{"loss", 1}, {"memory", 1}}) == "speed");
  CHECK(missing_metric(s, {{"loss", 1}, {"speed", 1}}) == "memory");
  CHECK(diverged_metric(s, {{"loss", 1}, {"speed", std::nan("")}}) == "speed");
  CHECK(diverged_metric(s, {{"loss", 1}, {"speed", 1}, {"memory", std::nan("")}}).empty());
}

TEST_CASE("the ranking has the best first, of equals the lower number, and none that cannot be") {
  study_results r;
  add(r, 2, 1, 0);
  add(r, 1, 1, 0);
  add(r, 2, 3, 0);
  add(r, 2, 1, 0);
  add(r, 0, 1, 1); // not feasible
  add(r, std::nan(""), 1, 0);
  add(r, 0, 1, 0, trial_state::failed);
  CHECK(ranked(two_objectives(), r.trials) == std::vector<trial_number>{1, 2, 0, 3});
}
