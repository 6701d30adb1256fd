#include "search/machine_kit.hpp"

#include <doctest/doctest.h>

using namespace troupe;

TEST_CASE("a trial that takes over goes on as its donor, and has its configuration from then on") {
  bench b;
  const auto n = b.run(), donor = b.run();
  b.report(donor, {{"loss", 0.1}}, true);
  b.report(donor, {{"loss", 0.1}}, true);
  b.report(donor, {{"loss", 0.1}});
  b.report(n, {{"loss", 0.9}});
  const exploit taken{n, donor, {{"x", 0.5}}};
  const decision d{verdict::pause, "worst", {}, {taken}};
  CHECK_FALSE(b.machine.take_over(taken, b.tick())); // not told to pause yet
  CHECK(b.machine.decide(n, 1, d, b.tick()) == verdict::pause);
  CHECK(b.machine.take_over(taken, b.tick()));
  const auto& e = std::get<event_kind::trial_exploited>(b.journal.back()->body);
  CHECK(e.donor == donor);
  CHECK(e.checkpoint == 1);
  CHECK(e.iteration == 2);
  CHECK(e.total_s == 1);
  CHECK(b.machine.config_of(n).at("x") == 0.5);
  CHECK(b.summary(n).config.at("x") == 0.25); // what its last report was made with
  CHECK_FALSE(b.report(n, {{"loss", 0.8}}, true).recorded);
  CHECK(b.leave(n) == study_machine::exit_kind::paused);
  const auto again = b.machine.start(n, {}, b.tick());
  REQUIRE(again);
  CHECK(again->from_iteration == 2);
  CHECK(b.summary(n).wall_s == 1);
  CHECK(b.summary(n).config.at("x") == 0.25);
  CHECK(b.report(n, {{"loss", 0.2}}, true).result.time == 3);
  CHECK(b.summary(n).config.at("x") == 0.5);
}

TEST_CASE("a paused trial takes over too, one that runs or has ended does not") {
  bench b;
  const auto n = b.run(), donor = b.run();
  b.report(donor, {{"loss", 0.1}}, true);
  b.report(n, {{"loss", 0.9}}, true);
  CHECK_FALSE(b.machine.take_over({n, donor, {}}, b.tick()));
  b.decide(n, verdict::pause);
  b.leave(n);
  CHECK(b.machine.take_over({n, donor, {{"x", 0.5}}}, b.tick()));
  CHECK(b.machine.take_over({n, n, {{"x", 0.75}}}, b.tick()) == false); // nothing of its own
  CHECK(b.machine.take_over({n, donor, {{"x", 0.75}}}, b.tick()));
  CHECK(b.machine.config_of(n).at("x") == 0.75);
  b.machine.stop_paused(n, "enough", b.tick());
  CHECK_FALSE(b.machine.take_over({n, donor, {}}, b.tick()));
}

TEST_CASE("nothing is taken over from a trial without a checkpoint of its own, and that is said") {
  bench b;
  const auto n = b.run(), donor = b.run();
  b.report(donor, {{"loss", 0.1}});
  b.report(n, {{"loss", 0.9}}, true);
  const exploit taken{n, donor, {{"x", 0.5}}};
  CHECK(b.machine.decide(n, 1, {verdict::pause, "worst", {}, {taken}}, b.tick()) == verdict::pause);
  CHECK_FALSE(b.machine.take_over(taken, b.tick()));
  b.leave(n);
  CHECK(b.summary(n).reason == "worst; nothing taken over: trial 00001 has no checkpoint");
  CHECK(b.machine.start(n, {}, b.tick())->from_iteration == 1);
  b.report(n, {{"loss", 0.9}});
  CHECK(b.machine.decide(n, 2, {verdict::pause, "worst", {}, {taken}}, b.tick()) ==
        verdict::proceed);
}

TEST_CASE("a trial that fails before it has reported anew goes on from what it took over") {
  auto s = small_study();
  s.max_failures = 1;
  bench b{s};
  const auto n = b.run(), donor = b.run();
  b.report(donor, {{"loss", 0.1}}, true);
  b.report(n, {{"loss", 0.9}});
  const exploit taken{n, donor, {{"x", 0.5}}};
  b.machine.decide(n, 1, {verdict::pause, "worst", {}, {taken}}, b.tick());
  b.machine.take_over(taken, b.tick());
  CHECK(b.leave(n, "boom") == study_machine::exit_kind::retried);
  CHECK(b.machine.config_of(n).at("x") == 0.5);
  CHECK(b.machine.start(n, {}, b.tick())->from_iteration == 1);
  CHECK(b.machine.config_of(n).at("x") == 0.5);
}

TEST_CASE("checkpoints that are no longer kept are named once") {
  bench b;
  const auto n = b.run();
  CHECK(b.report(n, {{"loss", 0.3}}, true).drop_checkpoints.empty());
  CHECK(b.report(n, {{"loss", 0.5}}, true).drop_checkpoints.empty());
  CHECK(b.report(n, {{"loss", 0.4}}, true).drop_checkpoints == std::vector{std::pair{n, 1}});
  CHECK(b.summary(n).checkpoint == 2);
  CHECK(b.summary(n).best_checkpoint == 0);
}

TEST_CASE("a checkpoint that another trial goes on from is kept until that one has its own saved") {
  bench b;
  const auto n = b.run(), donor = b.run();
  b.report(n, {{"loss", 0.9}}, true);
  b.report(donor, {{"loss", 0.1}}, true);
  b.report(donor, {{"loss", 0.5}}, true);
  b.decide(n, verdict::pause);
  b.leave(n);
  REQUIRE(b.machine.take_over({n, donor, {}}, b.tick())); // number 1
  CHECK(b.report(donor, {{"loss", 0.5}}, true).drop_checkpoints.empty());
  b.machine.start(n, {}, b.tick());
  CHECK(b.report(n, {{"loss", 0.3}}).drop_checkpoints.empty());
  CHECK(b.report(n, {{"loss", 0.3}}, true).drop_checkpoints == std::vector{std::pair{n, 0}});
  b.machine.saved(n, 0, b.tick()); // of the time before
  CHECK(b.machine.take_unneeded().empty());
  b.machine.saved(n, 1, b.tick());
  CHECK(b.machine.take_unneeded() == std::vector{std::pair{donor, 1}});
}

TEST_CASE("a checkpoint that another trial went on from is let go when that one ends") {
  bench b;
  const auto n = b.run(), donor = b.run();
  b.report(n, {{"loss", 0.9}}, true);
  b.report(donor, {{"loss", 0.5}}, true);
  b.decide(n, verdict::pause);
  b.leave(n);
  b.machine.take_over({n, donor, {}}, b.tick());
  CHECK(b.report(donor, {{"loss", 0.1}}, true).drop_checkpoints.empty());
  b.machine.stop_paused(n, "enough", b.tick());
  CHECK(b.report(donor, {{"loss", 0.1}}).drop_checkpoints == std::vector{std::pair{donor, 0}});
}

TEST_CASE("what is kept can be asked for, and what is let go after the last report") {
  bench b;
  const auto n = b.run(), donor = b.run();
  b.report(n, {{"loss", 0.9}}, true);
  b.report(donor, {{"loss", 0.5}}, true);
  b.decide(n, verdict::pause);
  b.leave(n);
  b.machine.take_over({n, donor, {}}, b.tick());
  b.report(donor, {{"loss", 0.1}}, true);
  CHECK(b.machine.checkpoints_of(n) == std::vector{0});
  CHECK(b.machine.checkpoints_of(donor) == std::vector{0, 1});
  CHECK(b.machine.take_unneeded().empty());
  b.machine.stop_paused(n, "enough", b.tick());
  CHECK(b.machine.checkpoints_of(donor) == std::vector{1});
  CHECK(b.machine.take_unneeded() == std::vector{std::pair{donor, 0}});
  CHECK(b.machine.take_unneeded().empty());
}

TEST_CASE("a checkpoint that is lost after the end changes neither the end nor how long it took") {
  bench b;
  const auto n = b.run();
  b.report(n, {{"loss", 0.3}}, true);
  b.leave(n);
  b.machine.end(b.tick());
  REQUIRE(b.machine.has_ended());
  const double took = b.machine.wall_s();
  b.machine.lost(n, 0, b.tick());
  CHECK(b.machine.has_ended());
  CHECK(b.machine.wall_s() == took);
  CHECK(b.machine.checkpoints_of(n).empty());
  b.machine.resume({}, false, b.tick());
  CHECK_FALSE(b.machine.has_ended());
  b.machine.lost(n, 0, b.tick());
  CHECK_FALSE(b.machine.has_ended());
  CHECK(b.machine.wall_s() > took);
}
