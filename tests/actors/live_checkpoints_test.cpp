#include "actors/live_checkpoints.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace troupe;

namespace {

checkpoint of_bytes(std::size_t n) {
  return checkpoint{{blob{"model", std::vector<std::byte>(n)}}};
}

} // namespace

TEST_CASE("what is on the disk leaves memory when there is no room, the longest saved first") {
  live_checkpoints all{100};
  all.set(0, {0, 0}, of_bytes(40));
  all.set(1, {1, 0}, of_bytes(40));
  all.saved({1, 0});
  all.saved({0, 0});
  CHECK(all.find(0, {0, 0}));
  CHECK(all.find(1, {1, 0}));
  all.set(2, {2, 0}, of_bytes(40));
  CHECK_FALSE(all.find(1, {1, 0}));
  CHECK(all.find(0, {0, 0}));
  CHECK(all.find(2, {2, 0}));
}

TEST_CASE("what is on no disk stays in memory, however much it is, until it is saved") {
  live_checkpoints all{100};
  for (trial_number n = 0; n < 5; ++n)
    all.set(n, {n, 0}, of_bytes(90));
  for (trial_number n = 0; n < 5; ++n)
    CHECK(all.find(n, {n, 0}));
  for (trial_number n = 0; n < 5; ++n)
    all.saved({n, 0});
  for (trial_number n = 0; n < 4; ++n)
    CHECK_FALSE(all.find(n, {n, 0}));
  CHECK(all.find(4, {4, 0}));
}

TEST_CASE("a checkpoint that another has followed counts no more, and its saving means nothing") {
  live_checkpoints all{100};
  for (int i = 0; i < 50; ++i) {
    all.set(0, {0, i}, of_bytes(90));
    if (i > 0) all.saved({0, i - 1}); // late
    CHECK(all.find(0, {0, i}));
  }
  all.set(1, {0, 49}, all.find(0, {0, 49})); // taken over: the same bytes
  all.set(2, {2, 0}, of_bytes(10));
  all.saved({0, 49});
  CHECK(all.find(0, {0, 49}));
  all.fade(0);
  all.set(3, {3, 0}, of_bytes(90));
  CHECK(all.find(2, {2, 0}));
}
