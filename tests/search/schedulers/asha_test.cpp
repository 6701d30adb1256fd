#include "search/scheduler_kit.hpp"
#include "search/schedulers/asha.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string_view>

using namespace troupe;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

constexpr auto proceed = verdict::proceed;
constexpr auto stop = verdict::stop;

scheduler_driver asha_with(std::string_view options) {
  return scheduler_driver{scheduled_study("asha", options)};
}

/// Trial 1 gets better with every iteration, trial 2 stands still; neither is stopped.
void run_two_trials(scheduler_driver& s) {
  s.start(1);
  s.start(2);
  for (int i = 0; i < 10; ++i)
    CHECK(s.report(1, i, 100 * i) == proceed);
  for (int i = 0; i < 5; ++i)
    CHECK(s.report(2, i, 450) == proceed);
}

} // namespace

TEST_SUITE("asha: the vectors of Ray Tune's own tests") {
  TEST_CASE("a trial that ended by itself counts in later cutoffs") {
    auto s = asha_with(R"({"max_t": 10})");
    run_two_trials(s);
    s.start(3);
    s.complete(3, 10, 1000);
    CHECK(s.report(2, 101, 0) == stop);
  }

  TEST_CASE("nobody is judged within the grace period") {
    auto s = asha_with(R"({"grace_period": 2.5, "reduction_factor": 3})");
    run_two_trials(s);
    s.complete(1, 10, 1000);
    s.complete(2, 10, 1000);
    s.start(3);
    CHECK(s.report(3, 1, 10) == proceed);
    CHECK(s.report(3, 2, 10) == proceed);
    CHECK(s.report(3, 3, 10) == stop);
  }

  TEST_CASE("every trial stops at max_t, whatever its bracket") {
    auto s = asha_with(R"({"max_t": 10, "brackets": 10})");
    for (trial_number n = 0; n < 10; ++n) {
      s.start(n);
      CHECK(s.report(n, 10, -2) == stop);
    }
  }

  TEST_CASE("the cutoff is a percentile of earlier arrivals") {
    auto s = asha_with(R"({"grace_period": 1, "max_t": 10, "reduction_factor": 2})");
    run_two_trials(s);
    s.complete(1, 10, 1000);
    s.complete(2, 10, 1000);
    s.start(3);
    CHECK(s.report(3, 1, 260) == stop);
    CHECK(s.report(3, 2, 260) == stop);
  }

  TEST_CASE("NaN is left out of the percentile") {
    auto s = asha_with(R"({"grace_period": 1, "max_t": 10, "reduction_factor": 2})");
    s.start(1);
    s.start(2);
    for (int i = 0; i < 10; ++i)
      CHECK(s.report(1, i, 450) == proceed);
    for (int i = 0; i < 10; ++i)
      CHECK(s.report(2, i, not_a_number) == proceed);
    s.complete(1, 10, 1000);
    s.complete(2, 10, 1000);
    s.start(3);
    CHECK(s.report(3, 1, 260) == stop);
    CHECK(s.report(3, 2, 260) == stop);
  }

  TEST_CASE("the same calls bring another scheduler to the same state") {
    const auto after_six_trials = [] {
      auto s = asha_with(R"({"max_t": 10, "grace_period": 1, "reduction_factor": 2})");
      for (trial_number n = 0; n < 8; ++n)
        s.start(n);
      for (trial_number n = 0; n < 5; ++n)
        CHECK(s.report(n, 1, 10) == proceed);
      CHECK(s.report(5, 1, 5) == stop);
      return s;
    };
    auto first = after_six_trials();
    auto second = after_six_trials();
    CHECK(first.report(6, 1, 4) == stop);
    CHECK(second.report(6, 1, 4) == stop);
    CHECK(second.report(7, 1, 2) == stop);
  }

  TEST_CASE("without stop_last_trials those who have passed go on for ever") {
    auto s = asha_with(R"({"grace_period": 1, "max_t": 3, "reduction_factor": 2,
                           "stop_last_trials": false})");
    for (trial_number n = 0; n < 4; ++n)
      s.start(n);
    CHECK(s.report(0, 2, 10) == proceed);
    CHECK(s.report(1, 2, 8) == stop);
    CHECK(s.report(2, 2, 6) == stop);
    CHECK(s.report(3, 2, 4) == stop);
    CHECK(s.report(0, 4, 10) == proceed);
    CHECK(s.report(0, 8, 10) == proceed);
    CHECK(s.report(0, 14, 1) == proceed);
  }

  TEST_CASE("nobody is judged between two rungs") {
    auto s = asha_with("{}");
    run_two_trials(s);
    CHECK(s.report(2, 5, 450) == proceed);
    CHECK(s.report(2, 6, 0) == proceed);
  }
}

TEST_SUITE("asha: the rule") {
  constexpr auto halving = R"({"max_t": 10, "grace_period": 1, "reduction_factor": 2})";

  TEST_CASE("a rung's first trial goes on, and so does one as good as the cutoff") {
    auto s = asha_with(halving);
    for (trial_number n = 0; n < 3; ++n)
      s.start(n);
    CHECK(s.report(0, 1, -1e9) == proceed);
    CHECK(s.report(1, 1, -1e9) == proceed);
    CHECK(s.report(2, 1, std::nextafter(-1e9, -inf)) == stop);
  }

  TEST_CASE("arrivals from bad to good stop nobody, from good to bad all but the first") {
    auto rising = asha_with(halving);
    auto falling = asha_with(halving);
    for (trial_number n = 0; n < 20; ++n) {
      rising.start(n);
      falling.start(n);
      CHECK(rising.report(n, 1, n) == proceed);
      CHECK(falling.report(n, 1, -1.0 * n) == (n == 0 ? proceed : stop));
    }
  }

  TEST_CASE("a trial that skips rungs is judged late at the lower ones") {
    auto s = asha_with(halving);
    s.start(0);
    for (const int t : {1, 2})
      CHECK(s.report(0, t, 10) == proceed);
    s.start(1);
    CHECK(s.report(1, 4, 5) == proceed);
    CHECK(s->reported(1, {5, 5}).reason ==
          "asha: score 5 is worse than 10 (top 1/2 of 1 trial) at iteration 5, rung 2");
    CHECK(s.report(1, 6, 5) == stop);
    CHECK(s.report(1, 7, 5) == proceed);
  }

  TEST_CASE("without stop_last_trials nobody is judged late") {
    auto s = asha_with(R"({"max_t": 10, "reduction_factor": 2, "stop_last_trials": false})");
    s.start(0);
    for (const int t : {1, 2})
      CHECK(s.report(0, t, 10) == proceed);
    s.start(1);
    for (const int t : {4, 5, 6})
      CHECK(s.report(1, t, 5) == proceed);
  }

  TEST_CASE("the value at max_t is recorded at the highest rung when the trial has ended") {
    auto s = asha_with(halving);
    s.start(0);
    CHECK(s.report(0, 12, 7) == stop);
    s.complete(0, 12, 7);
    s.start(1);
    CHECK(s.report(1, 8, 6) == stop);
  }

  TEST_CASE("a stopped trial's value counts in later cutoffs") {
    auto s = asha_with(halving);
    for (trial_number n = 0; n < 3; ++n)
      s.start(n);
    CHECK(s.report(0, 1, 10) == proceed);
    CHECK(s.report(1, 1, 0) == stop);
    CHECK(s.report(2, 1, 6) == proceed);
  }

  TEST_CASE("NaN never stops a trial") {
    auto s = asha_with(halving);
    for (trial_number n = 0; n < 3; ++n)
      s.start(n);
    CHECK(s.report(0, 1, 10) == proceed);
    CHECK(s.report(1, 1, not_a_number) == proceed);
    CHECK(s.report(2, 1, 9) == stop);
  }

  TEST_CASE("two diverged trials disable a rung") {
    auto options = scheduled_study("asha", halving);
    options.mode = direction::min;
    scheduler_driver s{options};
    for (trial_number n = 0; n < 4; ++n)
      s.start(n);
    CHECK(s.report(0, 1, inf) == proceed);
    CHECK(s.report(1, 1, inf) == proceed);
    CHECK(s.report(2, 1, 1) == proceed);
    CHECK(s.report(3, 1, inf) == proceed);
  }

  TEST_CASE("a trial that never reported leaves no trace") {
    auto s = asha_with(halving);
    s.start(0);
    s->completed(0, std::nullopt);
    s.start(1);
    CHECK(s.report(1, 1, -5) == proceed);
  }

  TEST_CASE("the reason of a stop names the value, the cutoff and the rung") {
    auto losses = scheduled_study("asha", halving);
    losses.metric = "loss";
    losses.mode = direction::min;
    scheduler_driver s{losses};
    for (trial_number n = 0; n < 4; ++n)
      s.start(n);
    for (trial_number n = 0; n < 3; ++n)
      CHECK(s->reported(n, {4, 1.2 - 0.1 * n}).reason.empty());
    CHECK(s->reported(3, {4, 1.31}).reason ==
          "asha: loss 1.31 is worse than 1.1 (top 1/2 of 3 trials) at iteration 4");
    CHECK(s->reported(0, {10, 0.1}).reason == "asha: max_t 10 reached");
  }

  TEST_CASE("a reason speaks of the time attribute") {
    auto s = asha_with(R"({"time_attr": "epochs", "reduction_factor": 2.5})");
    s.start(0);
    s.start(1);
    CHECK(s.report(0, 1, 3) == proceed);
    CHECK(s->reported(1, {1, 2}).reason ==
          "asha: score 2 is worse than 3 (top 1/2.5 of 1 trial) at epochs 1");
  }
}

TEST_SUITE("asha: failure and retry") {
  TEST_CASE("a trial that is tried again is not judged again where it was") {
    auto s = asha_with(R"({"max_t": 10, "reduction_factor": 2})");
    for (trial_number n = 0; n < 2; ++n)
      s.start(n);
    CHECK(s.report(0, 1, 10) == proceed);
    CHECK(s.report(1, 1, 11) == proceed);
    s->failed(0);
    s->added(0);
    CHECK(s->choose() == 0u);
    CHECK(s.report(0, 1, -100) == proceed);
    CHECK(s.report(1, 2, 11) == proceed);
    CHECK(s.report(0, 2, -100) == stop);
  }

  TEST_CASE("a trial that is tried again waits behind the others") {
    auto s = asha_with("{}");
    for (trial_number n = 0; n < 3; ++n)
      s->added(n);
    CHECK(s->choose() == 0u);
    s->failed(0);
    s->added(0);
    s->removed(1);
    CHECK(s->choose() == 2u);
    CHECK(s->choose() == 0u);
    CHECK_FALSE(s->choose());
  }
}
