#include "search/machine_kit.hpp"

#include <algorithm>
#include <utility>
#include <vector>

using namespace troupe;

TEST_CASE("what never reached the disk sends its trial back to what was there in its place") {
  bench b;
  const auto n = b.run();
  b.report(n, {{"loss", 0.5}}, true);
  b.machine.saved(n, 0, b.tick());
  for (const double loss : {0.4, 0.3, 0.2})
    b.report(n, {{"loss", loss}}, true);
  CHECK(b.machine.checkpoints_of(n) == std::vector{3});
  CHECK(b.machine.spares_of(n) == std::vector{0, 1, 2});
  b.leave(n); // it has completed, and must not be left with nothing
  b.machine.resume({}, false, b.tick());
  for (const int number : {3, 2})
    b.machine.lost(n, number, b.tick());
  CHECK(b.machine.checkpoints_of(n) == std::vector{1});
  CHECK(b.machine.origin_of(n) == std::pair{n, 1});
  CHECK(b.summary(n).best_checkpoint == 1);
  CHECK(std::ranges::count(b.machine.take_unneeded(), std::pair{n, 1}) == 0);
  b.machine.saved(n, 1, b.tick());
  CHECK(b.machine.has_saved(n, 1));
  CHECK(b.machine.spares_of(n).empty());
}

TEST_CASE("what is saved when a later report has come already is what a crash leaves") {
  bench b;
  const auto n = b.run();
  for (const double loss : {0.5, 0.4, 0.3}) // it reports faster than the disk saves
    b.report(n, {{"loss", loss}}, true);
  b.machine.saved(n, 1, b.tick());
  CHECK(kind(b.journal.back()->body) == "checkpoint_saved");
  CHECK(b.machine.has_saved(n, 1));
  CHECK(b.machine.spares_of(n) == std::vector{1});
  const auto events = b.journal.size();
  b.machine.saved(n, 1, b.tick());
  CHECK(b.journal.size() == events);
  b.machine.resume({}, false, b.tick());
  b.machine.lost(n, 2, b.tick());
  CHECK(b.machine.origin_of(n) == std::pair{n, 1});
  const auto order = b.machine.start(n, lease{9, 1, 0, 0, {}}, b.tick());
  REQUIRE(order);
  CHECK(order->from_iteration == 2);
}

TEST_CASE("what has been replaced on the disk is no spare, and of what never was there are few") {
  bench b;
  const auto n = b.run();
  for (int i = 0; i < 1000; ++i)
    b.report(n, {{"loss", 0.5 / (i + 1)}}, true);
  CHECK(b.machine.spares_of(n).size() < 100);
  CHECK(b.machine.spares_of(n).back() == 998);
  b.machine.saved(n, 999, b.tick());
  CHECK(b.machine.spares_of(n).empty());
  for (int i = 0; i < 1000; ++i)
    b.report(n, {{"loss", 0.0001 / (i + 1)}}, true);
  CHECK(b.machine.spares_of(n).front() == 999); // it is there
  b.machine.saved(n, 1999, b.tick());
  CHECK(b.machine.spares_of(n).empty());
}

TEST_CASE("who took over does not go back to an own checkpoint that is ahead of where it is") {
  bench b;
  const auto donor = b.run(), taker = b.run();
  b.report(donor, {{"loss", 0.1}}, true);
  for (const double loss : {0.5, 0.4, 0.6})
    b.report(taker, {{"loss", loss}}, true);
  b.decide(taker, verdict::pause);
  b.leave(taker);
  REQUIRE(b.machine.take_over({taker, donor, {{"x", 0.75}}}, b.tick()));
  REQUIRE(b.machine.start(taker, lease{9, 1, 0, 0, {}}, b.tick()));
  b.report(taker, {{"loss", 0.3}}, true); // iteration 2
  b.machine.resume({}, false, b.tick());
  b.machine.lost(taker, 3, b.tick());
  CHECK(b.machine.origin_of(taker) == std::pair{donor, 0});
  b.machine.lost(donor, 0, b.tick());
  CHECK(b.machine.origin_of(taker) == std::pair{taker, 1}); // after two reports, as now
  for (const int number : {1, 0})
    b.machine.lost(taker, number, b.tick());
  CHECK_FALSE(b.machine.origin_of(taker));
}
