#include "network_kit.hpp"
#include "store/still_watch.hpp"

#include <doctest/doctest.h>

using namespace store_kit;
using namespace troupe;
using seen = still_watch::finding;

TEST_CASE("what does not change for ten periods stands still") {
  told_clock clock;
  still_watch watch{"1", beat_period, clock.now};
  for (int i = 1; i < still_watch::most_missed; ++i)
    CHECK(watch.look("1", clock.after(beat_period)) == seen::unsure);
  CHECK(watch.look("1", clock.after(beat_period)) == seen::still);
}

TEST_CASE("how often one looks does not matter") {
  told_clock clock;
  still_watch watch{"1", beat_period, clock.now};
  int looks = 1;
  while (watch.look("1", clock.after(beat_period / 4)) == seen::unsure)
    ++looks;
  CHECK(looks == 4 * still_watch::most_missed);
}

TEST_CASE("whatever changes moves, and is watched anew from then on") {
  told_clock clock;
  still_watch watch{"1", beat_period, clock.now};
  for (int i = 1; i < still_watch::most_missed; ++i)
    watch.look("1", clock.after(beat_period));
  CHECK(watch.look("2", clock.after(beat_period)) == seen::moves);
  for (int i = 1; i < still_watch::most_missed; ++i)
    CHECK(watch.look("2", clock.after(beat_period)) == seen::unsure);
  CHECK(watch.look("2", clock.after(beat_period)) == seen::still);
}

TEST_CASE("a watcher that was asleep itself has not watched meanwhile") {
  told_clock clock;
  still_watch watch{"1", beat_period, clock.now};
  CHECK(watch.look("1", clock.after(24h)) == seen::unsure);
  for (int i = 2; i < still_watch::most_missed; ++i)
    CHECK(watch.look("1", clock.after(1h)) == seen::unsure);
  CHECK(watch.look("1", clock.after(1h)) == seen::still);
}
