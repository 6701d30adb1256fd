#include "search/scheduler_kit.hpp"
#include "search/schedulers/median.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>

using namespace troupe;

namespace {

constexpr double no_mean = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

/// A median rule without grace period that needs one other trial. Larger is better.
class median_driver : public scheduler_driver {
public:
  explicit median_driver(std::string_view options = "{}", direction mode = direction::max)
      : scheduler_driver{with_defaults(options, mode)} {}

  /// Trial 1 has reported 0, 100, … 900 at times 0 to 9, trial 2 450 at times 0 to 4.
  void run_two() {
    start(1);
    start(2);
    for (int t = 0; t < 10; ++t)
      CHECK(report(1, t, 100 * t) == verdict::proceed);
    for (int t = 0; t < 5; ++t)
      CHECK(report(2, t, 450) == verdict::proceed);
  }

private:
  static study with_defaults(std::string_view options, direction mode) {
    auto s = scheduled_study("median", options);
    s.mode = mode;
    s.scheduler.options.emplace("grace_period", 0);
    s.scheduler.options.emplace("min_samples_required", 1);
    return s;
  }
};

} // namespace

TEST_SUITE("median: Ray Tune's unit tests") {
  TEST_CASE("a trial goes on while its best is not below the others' median") {
    median_driver s;
    s.run_two();
    s.complete(1, 10, 1000);
    CHECK(s.report(2, 5, 450) == verdict::proceed);
    CHECK(s.report(2, 6, 0) == verdict::proceed);
    CHECK(s.report(2, 10, 450) == verdict::stop);
  }

  TEST_CASE("only trials that have come as far are compared with") {
    median_driver s;
    s.run_two();
    CHECK(s.report(2, 100, 0) == verdict::proceed);
    s.complete(1, 101, 1000);
    CHECK(s.report(2, 101, 0) == verdict::stop);
  }

  TEST_CASE("nobody is judged within the grace period") {
    median_driver s{R"({"grace_period": 2.5})"};
    s.run_two();
    s.complete(1, 10, 1000);
    s.complete(2, 10, 1000);
    s.start(3);
    CHECK(s.report(3, 1, 10) == verdict::proceed);
    CHECK(s.report(3, 2, 10) == verdict::proceed);
    CHECK(s.report(3, 3, 10) == verdict::stop);
  }

  TEST_CASE("it takes min_samples_required others") {
    median_driver s{R"({"min_samples_required": 2})"};
    s.run_two();
    s.complete(1, 10, 1000);
    s.start(3);
    CHECK(s.report(3, 3, 10) == verdict::stop);
    median_driver fewer{R"({"min_samples_required": 2})"};
    fewer.run_two();
    fewer.complete(1, 10, 1000);
    fewer.start(3);
    CHECK(fewer.report(3, 5, 10) == verdict::proceed);
    fewer.complete(2, 10, 1000);
    CHECK(fewer.report(3, 6, 10) == verdict::stop);
  }

  TEST_CASE("the median of two is their middle") {
    for (const bool hard : {true, false}) {
      median_driver s{hard ? "{}" : R"({"hard_stop": false})"};
      s.run_two();
      s.complete(1, 10, 1000);
      s.complete(2, 10, 1000);
      s.start(3);
      CHECK(s.report(3, 1, 260) == verdict::proceed);
      CHECK(s.report(3, 2, 260) == (hard ? verdict::stop : verdict::pause));
    }
  }

  TEST_CASE("with mode min the smaller is the better") {
    median_driver s{"{}", direction::min};
    s.start(1);
    s.start(2);
    for (int t = 0; t < 10; ++t)
      CHECK(s.report(1, t, -100 * t) == verdict::proceed);
    s.complete(1, 10, -1000);
    CHECK(s.report(2, 5, -450) == verdict::proceed);
    CHECK(s.report(2, 10, -450) == verdict::stop);
  }
}

TEST_SUITE("median: what it says of itself") {
  TEST_CASE("a mean that begins later than now, or is not finite, does not count") {
    median_driver s;
    for (const trial_number n : {1, 2, 3, 4})
      s.start(n);
    s.report(1, 7, 1000);
    s.report(2, 5, infinity);
    CHECK(s.report(3, 5, 1) == verdict::proceed);
    s.report(4, 5, 2);
    CHECK(s.report(3, 5, 1) == verdict::stop);
  }

  TEST_CASE("NaN is the best value only if it is the first") {
    median_driver s;
    for (const trial_number n : {1, 2, 3})
      s.start(n);
    s.report(1, 1, 10);
    s.report(1, 2, 10);
    CHECK(s.report(2, 1, 11) == verdict::proceed);
    CHECK(s.report(2, 2, no_mean) == verdict::proceed);
    CHECK(s.report(3, 0, no_mean) == verdict::proceed); // nobody has a mean so early
    CHECK(s.report(3, 2, 99) == verdict::stop);
  }

  TEST_CASE("the last result of a completed trial counts twice") {
    median_driver s;
    s.start(1);
    s.report(1, 1, 0);
    s.report(1, 2, 6);
    s.complete(1, 2, 6); // a mean of 4
    s.start(2);
    CHECK(s.report(2, 2, 3.9) == verdict::stop);
    CHECK(s.report(2, 2, 4) == verdict::proceed);
  }

  TEST_CASE("iterations that a trial repeats after a failure count again") {
    median_driver s;
    s.start(1);
    s.report(1, 1, 0);
    s.report(1, 2, 3);
    s->failed(1);
    s.start(1);
    s.report(1, 1, 6);
    s.start(2);
    CHECK(s.report(2, 1, 2.9) == verdict::stop); // of 0 and 6
    CHECK(s.report(2, 1, 3) == verdict::proceed);
    CHECK(s.report(2, 2, 0) == verdict::proceed); // 1 has not come as far again
    s.report(1, 2, 9);
    s.start(3);
    CHECK(s.report(3, 1, 2.9) == verdict::stop);
    CHECK(s.report(3, 2, 3.2) == verdict::stop); // of 4.5 and, of trial 2, (2.9 + 3 + 0) / 3
    CHECK(s.report(3, 2, 3.3) == verdict::proceed);
  }

  TEST_CASE("the order of adding is numpy's") {
    // The mean of 1/25 … 9/25 is just below 0.2 in numpy, and just above if added from left to
    // right.
    median_driver s;
    s.start(1);
    double in_order = 0;
    for (int t = 1; t <= 9; ++t) {
      s.report(1, t, t / 25.0);
      in_order += t / 25.0;
    }
    s.start(2);
    REQUIRE(in_order / 9 > 0.2);
    CHECK(s.report(2, 9, 0.2) == verdict::proceed);
  }

  TEST_CASE("with too few to compare with, a trial lets waiting ones in, once per time slice") {
    median_driver s{R"({"min_samples_required": 3, "min_time_slice": 2})"};
    s.start(1);
    CHECK(s.report(1, 1, 0) == verdict::proceed);
    s->added(2);
    CHECK(s.report(1, 2, 0) == verdict::pause);
    CHECK(s->choose() == 2u);
    CHECK(s->choose() == 1u);
    CHECK_FALSE(s->choose());
    s->added(3);
    CHECK(s.report(1, 4, 0) == verdict::proceed);
    CHECK(s.report(1, 4.5, 0) == verdict::pause);
    CHECK(s.report(2, 0.5, 0) == verdict::pause);
  }

  TEST_CASE("without hard_stop a worse trial runs after the others, and is not judged again") {
    median_driver s{R"({"hard_stop": false})"};
    s.start(1);
    s.start(2);
    s.report(1, 1, 5);
    CHECK(s.report(2, 1, 4) == verdict::pause);
    s->added(3);
    CHECK(s->choose() == 3u);
    CHECK(s->choose() == 2u);
    CHECK(s.report(2, 2, -9) == verdict::proceed);
    CHECK(s.report(3, 1, 4.5) == verdict::proceed); // trial 2 counts with the 4 that it had
  }

  TEST_CASE("it says why") {
    median_driver s{R"({"time_attr": "training_iteration"})"};
    s.start(1);
    s.start(2);
    s.report(1, 3, 5);
    CHECK(s->reported(2, {3, 4.25}).reason ==
          "median: best score 4.25 is worse than 5, the median of 1 trial, at iteration 3");
    median_driver few{R"({"min_samples_required": 3})"};
    few.start(1);
    few->added(2);
    CHECK(few->reported(1, {60, 4}).reason ==
          "median: lets others in, as only 0 of 3 can be compared at time_total_s 60");
  }

  TEST_CASE("options that make no sense are refused by name") {
    const auto refusal = [](std::string_view options) -> std::string {
      try {
        make_scheduler(scheduled_study("median", options));
      } catch (const std::invalid_argument& e) {
        return e.what();
      }
      return "none";
    };
    CHECK(refusal("{}") == "none");
    CHECK(refusal(R"({"grace_period": -1})") ==
          "median: grace_period: must be a number of at least 0; found -1");
    CHECK(refusal(R"({"min_time_slice": "1"})") ==
          R"(median: min_time_slice: must be a number of at least 0; found the text "1")");
    CHECK(refusal(R"({"min_samples_required": 1.5})") ==
          "median: min_samples_required: must be a whole number of at least 0; found 1.5");
    CHECK(refusal(R"({"hard_stop": 1})") == "median: hard_stop: must be true or false; found 1");
    CHECK(refusal(R"({"time_attr": 1})") ==
          "median: time_attr: must be a text that is not empty; found 1");
    CHECK(refusal(R"({"max_t": 1})") ==
          "median: max_t: unknown key; known: name, time_attr, grace_period, "
          "min_samples_required, min_time_slice, hard_stop");
  }
}
