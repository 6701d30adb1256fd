#include "search/observed_kit.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace troupe;

TEST_CASE("each worker runs one trial after the other") {
  observed it{2};
  const auto s = it.run(3, 2); // 2 s on worker 1, then 6 s; 4 s on worker 2
  CHECK(s.makespan_ns == 8 * second);
  CHECK(s.idle_share == doctest::Approx(4.0 / 16));
  CHECK(s.iterations == 6);
  CHECK(s.trials_stopped == 0);
  CHECK(states(s) == "completed 2; completed 2; completed 2; ");
  CHECK(s.results.trials[2].wall_s == 6);
}

TEST_CASE("scheduler and searcher are called in the order of a real study") {
  observed it{2};
  it.decides.decisions[{0, 1}] = {verdict::stop, "enough"};
  it.run(2, 1);
  CHECK(it.log.str() == "suggest 0; added 0; choose; suggest 1; added 1; "
                        // what the scheduler stops it hears of at once, and once
                        "observe 0 1 1; reported 0 1; completed 0 1; stopped 0 1; choose; "
                        "observe 1 1 1; reported 1 1; observe 1 2 2; reported 1 2; "
                        "completed 1 2; complete 1 2; ");
}

TEST_CASE("what ends a trial by the study's own rules is not put to the scheduler") {
  observed it{3};
  it.s.stop.push_back({"loss", stop_rule::side::at_least, 2});
  const auto s = it.run(1, 1);
  CHECK(it.log.str() == "suggest 0; added 0; choose; observe 0 1 1; reported 0 1; "
                        "observe 0 2 2; completed 0 2; complete 0 2; ");
  CHECK(states(s) == "stopped 2; ");
  CHECK(s.trials_stopped == 1);
}

TEST_CASE("a trial that a rule ends after its last epoch has not been stopped early") {
  observed it{3};
  it.s.stop.push_back({"training_iteration", stop_rule::side::at_least, 3});
  const auto s = it.run(1, 1);
  CHECK(states(s) == "stopped 3; ");
  CHECK(s.trials_stopped == 0);
}

TEST_CASE("a paused trial gives its worker to others, and goes on from its iteration") {
  observed it{3};
  it.decides.decisions[{0, 2}] = {verdict::pause, "later"};
  const auto s = it.run(2, 1);
  CHECK(it.curve.starts == std::vector<trial_number>{0, 1, 0});
  CHECK(states(s) == "completed 3; completed 3; ");
  CHECK(s.iterations == 6);
  CHECK(s.makespan_ns == 9 * second);
}

TEST_CASE("paused trials end with others, and had more to train") {
  observed it{3};
  it.decides.decisions[{0, 2}] = {verdict::pause, "later"};
  it.decides.decisions[{1, 1}] = {verdict::proceed, "no need", {0}};
  const auto s = it.run(2, 1);
  CHECK(states(s) == "stopped 2; completed 3; ");
  CHECK(s.trials_stopped == 1);
  CHECK(s.results.trials[0].reason == "no need");
  CHECK(it.log.str().find("completed 0") == std::string::npos); // the scheduler knows
  CHECK(it.log.str().find("stopped 0 2; ") != std::string::npos);
}

TEST_CASE("a trial that fails is tried again from its last report, at the end of the queue") {
  observed it{3};
  it.s.max_failures = 1;
  it.curve.failures[{0, 3}] = 1;
  const auto s = it.run(2, 1);
  CHECK(it.curve.starts == std::vector<trial_number>{0, 1, 0});
  CHECK(states(s) == "completed 3; completed 3; ");
  CHECK(s.iterations == 6);
  CHECK(s.makespan_ns == (3 + 6 + 1) * second); // the failure took one second
}

TEST_CASE("a trial that fails for good does not count as stopped, or ends the study") {
  observed it{3};
  it.curve.failures[{0, 2}] = 1;
  SUBCASE("as it likes") {
    const auto s = it.run(2, 2);
    CHECK(states(s) == "failed 1; completed 3; ");
    CHECK(s.trials_stopped == 0);
    CHECK(it.log.str().find("failed 0; complete 0 -1; ") != std::string::npos);
  }
  SUBCASE("with fail_fast") {
    it.s.fail_fast = true;
    const auto s = it.run(4, 2);
    CHECK(states(s) == "failed 1; interrupted 1; pending 0; ");
    CHECK(s.makespan_ns == 2 * second);
    CHECK(s.trials_waiting == 0);
  }
}

TEST_CASE("the study's time budget ends it in virtual time") {
  observed it{100};
  it.s.time_budget_s = 5.5;
  const auto s = it.run(9, 2);
  CHECK(s.makespan_ns == 5'500'000'000);
  CHECK(states(s) == "stopped 5; stopped 2; pending 0; ");
  CHECK(s.trials_stopped == 2);
  CHECK(s.idle_share == 0);
}

TEST_CASE("no more trials run at once than the study allows") {
  observed it{1};
  it.s.max_concurrent = 1;
  const auto s = it.run(3, 5);
  CHECK(s.makespan_ns == 6 * second);
  CHECK(s.idle_share == doctest::Approx(0.8));
}

TEST_CASE("a searcher that has nothing to suggest is asked again when it has learned something") {
  observed it{1, 1};
  const auto s = it.run(2, 2);
  CHECK(states(s) == "completed 1; completed 1; ");
  CHECK(it.log.str() == "suggest 0; added 0; choose; suggest 1; "
                        "observe 0 1 1; reported 0 1; suggest 1; "
                        "completed 0 1; complete 0 1; suggest 1; added 1; choose; "
                        "observe 1 1 1; reported 1 1; completed 1 1; complete 1 1; ");
}

TEST_CASE("a searcher may be exhausted before all trials are there") {
  observed it{1};
  it.suggests.limit = 2;
  CHECK(it.run(5, 1).results.trials.size() == 2);
}

TEST_CASE("a grid does not make more trials than were asked for") {
  auto s = simulated_study("fifo");
  s.space.add("layers", grid_search{{1, 2, 3}});
  CHECK(simulate_random(s, 4, 2, "power").results.trials.size() == 4);
}

TEST_CASE("trials that wait for ever are counted, and the simulation ends") {
  observed it{1};
  it.decides.chooses_none = true;
  const auto s = it.run(3, 2);
  CHECK(s.trials_waiting == 1); // the next ones are not asked for as long as one waits
  CHECK(s.makespan_ns == 0);
  CHECK(s.idle_share == 0);
}

TEST_CASE("improvements are the reports that are better than all before") {
  observed it{2};
  it.s.mode = direction::max;
  const auto s = it.run(2, 2);
  REQUIRE(s.improvements.size() == 2);
  CHECK(s.improvements[0].at_ns == second);
  CHECK(s.improvements[0].value == 1);
  CHECK(s.improvements[1].at_ns == 2 * second);
  CHECK(s.improvements[1].value == 2);
  CHECK(s.improvements[1].iterations == 3); // trial 1 is first at 2 s: its step began earlier
  CHECK(s.results.best == 0U);
}

TEST_CASE("trials whose metric becomes NaN are stopped early") {
  auto s = simulated_study("fifo");
  s.points_to_evaluate.push_back({{"lr", 1.0}});
  const auto came_to = simulate_random(s, 1, 1, "crossing");
  CHECK(states(came_to) == "stopped 1; ");
  CHECK(came_to.trials_stopped == 1);
  CHECK_FALSE(came_to.results.best);
  CHECK(came_to.improvements.empty());
}
