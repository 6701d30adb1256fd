#include "search/machine_kit.hpp"

#include <doctest/doctest.h>

using namespace troupe;

TEST_CASE("a trial that is paused, or about to be, can be stopped by a rule") {
  bench b;
  const auto paused = b.run(), pausing = b.run(), running = b.run();
  for (const auto n : {paused, pausing, running})
    b.report(n, {{"loss", 1}}, true);
  b.decide(paused, verdict::pause);
  b.leave(paused);
  b.decide(pausing, verdict::pause);
  CHECK(b.machine.pausing(pausing));
  CHECK_FALSE(b.machine.pausing(paused));
  CHECK_FALSE(b.machine.pausing(running));

  CHECK(b.machine.stop_paused(paused, "too bad", b.tick()));
  CHECK(b.summary(paused).state == trial_state::stopped);
  CHECK(b.machine.stop_paused(pausing, "too bad", b.tick()));
  CHECK(b.summary(pausing).state == trial_state::running);
  CHECK_FALSE(b.machine.pausing(pausing));
  CHECK(b.leave(pausing) == study_machine::exit_kind::ended);
  CHECK(b.summary(pausing).state == trial_state::stopped);
  CHECK(b.summary(pausing).reason == "too bad");
  CHECK_FALSE(b.machine.stop_paused(pausing, "too bad", b.tick()));
  CHECK_FALSE(b.machine.stop_paused(running, "too bad", b.tick()));
  CHECK(b.summary(running).state == trial_state::running);
}

TEST_CASE("a paused trial waits and goes on from its checkpoint") {
  bench b;
  const auto n = b.run();
  b.report(n, {{"loss", 0.5}}, true);
  CHECK(b.decide(n, verdict::pause) == verdict::pause);
  CHECK(b.leave(n) == study_machine::exit_kind::paused);
  CHECK(b.summary(n).state == trial_state::paused);
  CHECK(b.machine.wants_slot());
  const auto again = b.machine.start(n, {}, b.tick());
  REQUIRE(again);
  CHECK(again->from_iteration == 1);
}

TEST_CASE("a trial that waits or is about to pause can be given another amount") {
  bench b;
  const auto waiting = b.add(), n = b.run();
  CHECK(b.machine.request_of(n) == resources{});
  CHECK_FALSE(b.machine.resize({n, {2, 0, 0}}, b.tick()));
  CHECK(b.machine.resize({waiting, {2, 0, 0}}, b.tick()));
  CHECK(b.machine.request_of(waiting) == resources{2, 0, 0});
  b.report(n, {{"loss", 0.5}}, true);
  b.decide(n, verdict::pause);
  CHECK(b.machine.resize({n, {3, 1, 0}}, b.tick()));
  b.leave(n);
  CHECK(b.machine.resize({n, {4, 1, 0}}, b.tick()));
  CHECK(std::get<event_kind::trial_resized>(b.journal.back()->body).request == resources{4, 1, 0});
  CHECK(b.machine.request_of(n) == resources{4, 1, 0});
  b.machine.stop_paused(n, "enough", b.tick());
  CHECK_FALSE(b.machine.resize({n, {2, 0, 0}}, b.tick()));
}

TEST_CASE("time is told as the wrapped scheduler tells it") {
  auto s = small_study();
  s.scheduler = {"resource_changing", {{"base", {{"name", "asha"}, {"time_attr", "epoch"}}}}};
  bench b{s};
  CHECK(b.report(b.run(), {{"loss", 0.5}, {"epoch", 7}}).result.time == 7);
}

TEST_CASE("paused trials are stranded when nothing else can happen") {
  bench b;
  const auto n = b.run();
  b.report(n, {{"loss", 0.5}}, true);
  b.decide(n, verdict::pause);
  CHECK(b.machine.stranded(true).empty());
  b.leave(n);
  CHECK(b.machine.stranded(true) == std::vector{n});
  CHECK(b.machine.stranded(false).empty()); // the searcher may suggest more
  const auto waiting = b.add();
  CHECK(b.machine.stranded(true).empty());
  b.machine.start(waiting, {}, b.tick());
  b.machine.searcher_exhausted();
  CHECK(b.machine.stranded(false).empty());
  b.leave(waiting, "boom");
  CHECK(b.machine.stranded(false) == std::vector{n});
}

TEST_CASE("paused trials do not count among those that a scheduler chooses new ones from") {
  bench b;
  const auto n = b.run();
  b.report(n, {{"loss", 0.5}}, true);
  b.decide(n, verdict::pause);
  b.leave(n);
  CHECK(b.machine.wants_trial(1));
  b.add();
  CHECK_FALSE(b.machine.wants_trial(1));
  b.machine.start(n, {}, b.tick());
  CHECK_FALSE(b.machine.wants_trial(1));
}

TEST_CASE("a trial without a checkpoint goes on where it should pause") {
  bench b;
  const auto n = b.run();
  b.report(n, {{"loss", 0.5}});
  CHECK(b.decide(n, verdict::pause) == verdict::proceed);
  CHECK(b.leave(n) == study_machine::exit_kind::ended);
  CHECK(b.summary(n).state == trial_state::completed);
}
