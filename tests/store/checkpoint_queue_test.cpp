#include "store/checkpoint_queue.hpp"

#include <troupe/random.hpp>

#include <doctest/doctest.h>

#include <map>
#include <set>

using namespace troupe;
using name = checkpoint_queue::name;

namespace {

void save_next(checkpoint_queue& q) {
  REQUIRE(q.next_to_save());
  q.saved();
}

} // namespace

TEST_CASE("checkpoints are saved in their order, but for those that are superfluous by then") {
  checkpoint_queue q;
  q.save({0, 0});
  q.save({1, 0});
  q.save({0, 1});
  CHECK(q.skip({0, 0}));
  CHECK_FALSE(q.skip({0, 0}));
  CHECK(q.next_to_save() == name{1, 0});
  save_next(q);
  CHECK(q.next_to_save() == name{0, 1});
  save_next(q);
  CHECK_FALSE(q.next_to_save());
}

TEST_CASE("what was never saved need not be removed") {
  checkpoint_queue q;
  q.save({0, 0});
  q.save({0, 1});
  CHECK(q.skip({0, 0}));
  q.remove({0, 0});
  save_next(q);
  CHECK(q.take_removable().empty());
}

TEST_CASE("a checkpoint is removed when what has taken its place is on the disk") {
  checkpoint_queue q;
  q.remove({0, 0});
  CHECK(q.take_removable() == std::vector{name{0, 0}}); // nothing waits
  q.save({0, 2});
  q.remove({0, 1});
  CHECK(q.take_removable().empty());
  q.save({0, 3});
  CHECK(q.skip({0, 2})); // 3 takes its place
  CHECK(q.take_removable().empty());
  save_next(q);
  CHECK(q.take_removable() == std::vector{name{0, 1}});
  CHECK(q.take_removable().empty());
}

TEST_CASE("a donor's checkpoint stays until the taker's own is on the disk") {
  checkpoint_queue q;
  q.save({5, 0}); // the taker's, which makes the donor's superfluous
  q.remove({2, 7});
  q.save({5, 1});
  CHECK(q.take_removable().empty());
  save_next(q);
  CHECK(q.take_removable() == std::vector{name{2, 7}});
}

TEST_CASE("whatever is saved, skipped and removed, no trial loses all that it could go on from") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    random_stream random{seed, 0, "checkpoints"};
    checkpoint_queue q;
    std::map<trial_number, int> taken;          // how many each trial has taken
    std::map<trial_number, std::set<int>> disk; // what is there
    std::map<trial_number, bool> had;           // whether it ever had one there
    const auto carry_out = [&] {
      if (q.next_to_save() && random.below(3) == 0) {
        const auto [n, number] = *q.next_to_save();
        disk[n].insert(number);
        had[n] = true;
        save_next(q);
      }
      for (const auto& [n, number] : q.take_removable())
        disk[n].erase(number);
      for (const auto& [n, ever] : had)
        CHECK_FALSE(disk[n].empty());
    };
    for (int step = 0; step < 200; ++step) {
      const auto n = static_cast<trial_number>(random.below(3));
      const int number = taken[n]++;
      q.save({n, number});
      if (number > 0) { // the last one alone is kept
        q.skip({n, number - 1});
        q.remove({n, number - 1});
      }
      carry_out();
    }
    for (int step = 0; step < 100; ++step)
      carry_out();
    for (const auto& [n, count] : taken)
      CHECK(disk[n] == std::set{count - 1});
  }
}
