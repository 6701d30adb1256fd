#include "search/life/checkpoint_keeper.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace troupe;

TEST_CASE("the best and the last checkpoints are kept") {
  checkpoint_keeper keeper{direction::min, 1, 1};
  CHECK(keeper.add(0, 0.5).empty());
  CHECK(keeper.add(1, 0.7).empty()); // 0 is best, 1 is last
  CHECK(keeper.add(2, 0.6) == std::vector{1});
  CHECK(keeper.add(3, 0.4) == std::vector{0, 2});
  CHECK(keeper.best() == 3);
}

TEST_CASE("under mode max the largest score is best") {
  checkpoint_keeper keeper{direction::max, 2, 1};
  keeper.add(0, 0.5);
  keeper.add(1, 0.9);
  CHECK(keeper.add(2, 0.1).empty());
  CHECK(keeper.add(3, 0.7) == std::vector{0, 2});
  CHECK(keeper.best() == 1);
}

TEST_CASE("a pinned checkpoint stays until another is") {
  checkpoint_keeper keeper{direction::min, 0, 1};
  CHECK(keeper.pin_last().empty());
  keeper.add(0, 0.5);
  CHECK(keeper.pin_last().empty());
  CHECK(keeper.pinned() == 0);
  CHECK(keeper.add(1, 0.4).empty());
  CHECK(keeper.add(2, 0.3) == std::vector{1});
  CHECK(keeper.pin_last() == std::vector{0});
  CHECK(keeper.add(3, 0.9).empty());
  CHECK(keeper.kept() == std::vector{2, 3});
  keeper.lose(2);
  CHECK_FALSE(keeper.pinned());
}

TEST_CASE("of equal scores the earlier is better, and nan is worse than anything") {
  checkpoint_keeper keeper{direction::min, 1, 1};
  keeper.add(0, std::nan(""));
  keeper.add(1, 1e300);
  CHECK(keeper.best() == 1);
  CHECK(keeper.add(2, 1e300) == std::vector<int>{});
  CHECK(keeper.best() == 1);
  CHECK(keeper.add(3, std::nan("")) == std::vector{2});
}

TEST_CASE("the last checkpoint is kept even if nobody asks for it") {
  checkpoint_keeper keeper{direction::min, 0, 0};
  CHECK(keeper.add(0, 1).empty());
  CHECK(keeper.add(1, 2) == std::vector{0});
  CHECK_FALSE(keeper.best());
}

TEST_CASE("a checkpoint that others go on from is kept until all of them have let go") {
  checkpoint_keeper keeper{direction::min, 1, 1};
  keeper.add(0, 0.1);
  keeper.add(1, 0.5);
  keeper.lend(1);
  keeper.lend(1);
  CHECK(keeper.add(2, 0.5).empty());
  CHECK(keeper.release(1).empty());
  CHECK(keeper.release(1) == std::vector{1});
  CHECK(keeper.best() == 0);
}
