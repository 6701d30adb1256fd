#include "search/course_kit.hpp"
#include "search/life/journal_check.hpp"
#include "search/machine_kit.hpp"

#include <set>
#include <utility>
#include <vector>

using namespace troupe;

TEST_CASE("a trial that was interrupted goes on from its last checkpoint, before all others") {
  bench b;
  const auto n = b.run();
  b.report(n, {{"loss", 0.5}}, true);
  b.report(n, {{"loss", 0.4}});
  b.add();
  b.machine.wind_up("by hand", trial_state::interrupted, b.tick());
  b.leave(n);
  CHECK(b.machine.resume({}, false, b.tick()).empty());
  CHECK(b.summary(n).state == trial_state::pending);
  CHECK(b.machine.returning() == std::set{n});
  CHECK(b.machine.origin_of(n) == std::pair{n, 0});
  const auto order = b.machine.start(n, lease{9, 1, 0, 0, {}}, b.tick());
  REQUIRE(order);
  CHECK(order->attempt == 2);
  CHECK(order->from_iteration == 1);
  CHECK(b.machine.returning().empty());

  const auto events = b.journal.size();
  const auto known = b.report(n, {{"loss", 0.4}});
  CHECK(known.repeated);
  CHECK_FALSE(known.recorded);
  CHECK(known.verdict == verdict::proceed);
  CHECK(b.journal.size() == events); // the journal has it already
  CHECK(b.report(n, {{"loss", 0.3}}).recorded);
  CHECK(b.summary(n).iterations == 3);
}

TEST_CASE(
    "a report that is made once more brings its checkpoint, so that repeated kills progress") {
  bench b;
  const auto n = b.run();
  for (const double loss : {0.5, 0.4, 0.3})
    b.report(n, {{"loss", loss}});
  b.machine.resume({}, false, b.tick());
  REQUIRE(b.machine.start(n, lease{9, 1, 0, 0, {}}, b.tick()));
  CHECK(b.report(n, {{"loss", 0.5}}, true).repeated);
  CHECK(kind(b.journal.back()->body) == "checkpoint_taken");
  b.machine.saved(n, 0, b.tick());
  b.machine.resume({}, false, b.tick());
  const auto order = b.machine.start(n, lease{10, 1, 0, 0, {}}, b.tick());
  REQUIRE(order);
  CHECK(order->from_iteration == 1);
  CHECK(b.summary(n).iterations == 3);
}

TEST_CASE("a lost checkpoint sends its trial back to the one before, and who borrowed it, too") {
  auto s = small_study();
  s.keep_last = 2;
  bench b{s};
  const auto donor = b.run(), taker = b.run();
  for (const auto n : {donor, taker})
    for (const double loss : {0.5, 0.4, 0.3})
      b.report(n, {{"loss", loss}}, true);
  b.decide(taker, verdict::pause);
  b.leave(taker);
  CHECK(b.machine.take_over({taker, donor, {{"x", 0.75}}}, b.tick()));
  b.machine.resume({}, false, b.tick());
  CHECK(b.machine.origin_of(taker) == std::pair{donor, 2});
  b.machine.lost(donor, 2, b.tick());
  CHECK(b.machine.origin_of(donor) == std::pair{donor, 1});
  CHECK(b.machine.origin_of(taker) == std::pair{taker, 2});
  CHECK_FALSE(b.summary(donor).checkpoint);
  for (const int number : {1, 0})
    b.machine.lost(donor, number, b.tick());
  CHECK_FALSE(b.machine.origin_of(donor)); // from the start
}

TEST_CASE("one that goes on from another's checkpoint reports anew, whatever is lost of its own") {
  bench b;
  const auto donor = b.run(), taker = b.run();
  for (const double loss : {0.5, 0.4})
    b.report(donor, {{"loss", loss}}, true);
  for (const double loss : {0.9, 0.8, 0.7, 0.6})
    b.report(taker, {{"loss", loss}}, true);
  b.decide(taker, verdict::pause);
  CHECK(b.machine.take_over({taker, donor, {{"x", 0.75}}}, b.tick()));
  b.machine.resume({}, false, b.tick());
  b.leave(taker);
  b.machine.lost(taker, 3, b.tick());
  const auto order = b.machine.start(taker, lease{9, 1, 0, 0, {}}, b.tick());
  REQUIRE(order);
  CHECK(order->from_iteration == 2);
  CHECK(b.report(taker, {{"loss", 0.3}}, true).recorded); // the third, though it had made four
  CHECK(b.summary(taker).iterations == 3);
  CHECK(b.summary(taker).config.at("x") == 0.75);
  b.decide(taker, verdict::pause);
  b.leave(taker);
  b.machine.lost(taker, 4, b.tick()); // and then it is to go on elsewhere
  CHECK(b.machine.take_over({taker, donor, {{"x", 0.25}}}, b.tick()));
  REQUIRE(b.machine.start(taker, lease{10, 1, 0, 0, {}}, b.tick()));
  CHECK(b.report(taker, {{"loss", 0.1}}, true).recorded);
  journal_check check;
  for (const auto& e : b.journal)
    check.take(*e);
}

TEST_CASE("what was taken over stays until one of the taker's own is on the disk") {
  bench b;
  const auto donor = b.run(), taker = b.run();
  b.report(taker, {{"loss", 0.9}}, true);
  b.machine.saved(taker, 0, b.tick());
  for (const double loss : {0.5, 0.4})
    b.report(donor, {{"loss", loss}}, true);
  b.decide(taker, verdict::pause);
  b.leave(taker);
  CHECK(b.machine.take_over({taker, donor, {{"x", 0.75}}}, b.tick()));
  REQUIRE(b.machine.start(taker, lease{9, 1, 0, 0, {}}, b.tick()));
  b.report(donor, {{"loss", 0.3}}, true);
  b.report(taker, {{"loss", 0.2}}, true);
  CHECK(b.machine.borrowed_by(taker) == std::pair{donor, 1});
  CHECK(b.machine.origin_of(taker) == std::pair{taker, 1});
  CHECK(b.machine.checkpoints_of(donor) == std::vector{1, 2});

  SUBCASE("then it is not needed any more") {
    b.machine.saved(taker, 1, b.tick());
    CHECK_FALSE(b.machine.borrowed_by(taker));
    CHECK(b.machine.checkpoints_of(donor) == std::vector{2});
  }
  SUBCASE("one that dies before goes on from there once more") {
    b.report(taker, {{"loss", 0.1}}, true);
    b.machine.resume({}, false, b.tick());
    for (const int own : {2, 1})
      b.machine.lost(taker, own, b.tick());
    CHECK(b.machine.origin_of(taker) == std::pair{donor, 1}); // not its own of the time before
    const auto order = b.machine.start(taker, lease{10, 1, 0, 0, {}}, b.tick());
    REQUIRE(order);
    CHECK(order->from_iteration == 2);
    CHECK(b.report(taker, {{"loss", 0.2}}, true).repeated);
    CHECK(b.report(taker, {{"loss", 0.1}}, true).repeated);
    CHECK(b.report(taker, {{"loss", 0.05}}, true).recorded);
    CHECK(b.summary(taker).config.at("x") == 0.75);
    b.machine.saved(taker, b.machine.origin_of(taker)->second, b.tick());
    CHECK_FALSE(b.machine.borrowed_by(taker));
  }
  SUBCASE("what is lost while it is not needed changes nothing") {
    b.machine.resume({}, false, b.tick());
    b.machine.lost(donor, 1, b.tick());
    CHECK(b.machine.origin_of(taker) == std::pair{taker, 1});
    b.machine.lost(taker, 1, b.tick());
    CHECK(b.machine.origin_of(taker) == std::pair{taker, 0});
  }
  journal_check check;
  for (const auto& e : b.journal)
    check.take(*e);
}

TEST_CASE("while a study is stopped its time stands still, and its limits may change") {
  auto s = small_study();
  s.max_failures = 0;
  bench b{s};
  const auto failed = b.run(), ended = b.run();
  b.leave(failed, "boom");
  b.report(ended, {{"loss", 1}});
  b.leave(ended);
  b.machine.wind_up("by hand", trial_state::interrupted, b.tick());
  b.machine.end(b.tick());
  const double before = b.machine.wall_s();
  b.now += 3'600'000'000'000;
  auto limits = limits_of(s);
  limits.num_samples = 5;
  limits.max_failures = 1;
  CHECK(b.machine.resume(limits, true, b.tick()) == std::vector{failed});
  CHECK(b.machine.wall_s() == before);
  CHECK(b.machine.subject().max_failures == 1);
  CHECK(b.summary(failed).state == trial_state::pending);
  CHECK(b.summary(ended).state == trial_state::completed);
  CHECK(b.machine.wants_trial(2)); // three more
  CHECK_FALSE(b.machine.finished());
}
