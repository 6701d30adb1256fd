#include "search/scheduler_kit.hpp"
#include "search/schedulers/fifo.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <stdexcept>
#include <string_view>

using namespace troupe;

TEST_CASE("fifo runs trials in the order in which they were added") {
  scheduler_driver fifo{scheduled_study("fifo")};
  CHECK_FALSE(fifo->choose());
  for (const trial_number n : {7u, 3u, 5u})
    fifo->added(n);
  CHECK(fifo->choose() == 7u);
  CHECK(fifo->choose() == 3u);
  fifo->added(1);
  CHECK(fifo->choose() == 5u);
  CHECK(fifo->choose() == 1u);
  CHECK_FALSE(fifo->choose());
}

TEST_CASE("fifo lets every trial go on, whatever it reports") {
  scheduler_driver fifo{scheduled_study("fifo")};
  fifo.start(0);
  for (const double value : {1.0, -1e300, std::numeric_limits<double>::quiet_NaN()})
    CHECK(fifo.report(0, 1000, value) == verdict::proceed);
}

TEST_CASE("fifo puts a trial that is tried again at the end of the list") {
  scheduler_driver fifo{scheduled_study("fifo")};
  fifo->added(0);
  fifo->added(1);
  CHECK(fifo->choose() == 0u);
  fifo->failed(0);
  fifo->added(0);
  CHECK(fifo->choose() == 1u);
  CHECK(fifo->choose() == 0u);
}

TEST_CASE("a trial that is added twice waits once, at the end") {
  scheduler_driver fifo{scheduled_study("fifo")};
  for (const trial_number n : {0u, 1u, 0u})
    fifo->added(n);
  CHECK(fifo->choose() == 1u);
  CHECK(fifo->choose() == 0u);
  CHECK_FALSE(fifo->choose());
}

TEST_CASE("fifo never chooses a trial that was removed while it waited") {
  scheduler_driver fifo{scheduled_study("fifo")};
  for (const trial_number n : {0u, 1u, 2u})
    fifo->added(n);
  fifo->removed(1);
  CHECK(fifo->choose() == 0u);
  CHECK(fifo->choose() == 2u);
  CHECK_FALSE(fifo->choose());
}

TEST_CASE("a completed or failed trial is not chosen again") {
  scheduler_driver fifo{scheduled_study("fifo")};
  fifo.start(0);
  fifo->completed(0, std::nullopt);
  fifo.start(1);
  fifo->failed(1);
  CHECK_FALSE(fifo->choose());
}

TEST_CASE("paused trials run when nobody is pending, in the order of the list") {
  fifo f{scheduled_study("fifo")};
  for (const trial_number n : {0u, 1u, 2u})
    f.added(n);
  f.choose();
  f.choose();
  f.correct(1, trial_state::paused);
  f.correct(0, trial_state::paused);
  CHECK(f.choose() == 2u);
  CHECK(f.choose() == 0u);
  CHECK(f.choose() == 1u);
  CHECK_FALSE(f.choose());
}

TEST_CASE("a corrected trial keeps its place in the list") {
  fifo f{scheduled_study("fifo")};
  for (const trial_number n : {0u, 1u, 2u})
    f.added(n);
  CHECK(f.choose() == 0u);
  f.correct(0, trial_state::pending);
  f.correct(1, trial_state::running);
  CHECK(f.choose() == 0u);
  CHECK(f.choose() == 2u);
  CHECK_FALSE(f.choose());
}

TEST_CASE("fifo has no options") {
  CHECK_THROWS_WITH_AS(make_scheduler(scheduled_study("fifo", R"({"max_t": 3})")),
                       "fifo: max_t: unknown key; known: name", std::invalid_argument);
}

TEST_CASE("an unknown scheduler is refused with the names of those that exist") {
  try {
    make_scheduler(scheduled_study("ahsa"));
    FAIL("made");
  } catch (const std::invalid_argument& e) {
    CHECK(std::string_view{e.what()}.starts_with(
        R"(unknown scheduler "ahsa"; did you mean "asha"?)"));
  }
}
