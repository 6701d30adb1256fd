#include "search/scheduler_kit.hpp"
#include "search/schedulers/hyperband_bracket.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

using namespace troupe;

namespace {

hyperband_options options_of(double max_t, double rf, bool ray = false) {
  hyperband_options options;
  options.max_t = max_t;
  options.reduction_factor = rf;
  options.ray = ray;
  return options;
}

/// The brackets of a band, "5@81 8@27"; one that is left out is "-".
std::string band(double max_t, double rf, bool ray = false) {
  std::string text;
  std::size_t halvings = 0;
  for (const auto& plan : hyperband_band(options_of(max_t, rf, ray))) {
    CHECK(plan.halvings == halvings++);
    text += text.empty() ? "" : " ";
    text += plan.milestone == 0 ? "-"
                                : std::to_string(static_cast<int>(plan.trials)) + "@" +
                                      std::to_string(static_cast<int>(plan.milestone));
  }
  return text;
}

using numbers = std::vector<trial_number>;

/// A bracket of so many trials, 0, 1, …, with one halving at 3 and its end at 9.
class halved_once {
public:
  explicit halved_once(trial_number trials, bool ray = false)
      : bracket{options_of(9, 3, ray), {static_cast<double>(trials), 3, 1}} {
    for (trial_number n = 0; n < trials; ++n)
      bracket.add(n);
  }

  /// All trials that may run, in the order in which they would be chosen.
  numbers choose_all() {
    numbers chosen;
    while (const auto n = bracket.choose())
      chosen.push_back(*n);
    return chosen;
  }

  hyperband_bracket bracket;
};

} // namespace

TEST_SUITE("hyperband: the brackets of a band") {
  TEST_CASE("they are Ray Tune's") {
    for (const bool ray : {false, true}) {
      CHECK(band(81, 3, ray) == "5@81 8@27 15@9 34@3 81@1");
      CHECK(band(16, 2, ray) == "5@16 5@8 7@4 10@2 16@1");
      CHECK(band(27, 3, ray) == "4@27 6@9 12@3 27@1");
      CHECK(band(1000, 10, ray) == "4@1000 20@100 134@10 1000@1");
      CHECK(band(10, 3, ray) == "3@10 5@3 9@1");
      CHECK(band(1, 3, ray) == "1@1");
    }
  }

  TEST_CASE("one that would be halved before the first iteration is left out") {
    CHECK(band(200, 3) == "6@200 9@66 18@22 41@7 98@2 -");
    CHECK(band(200, 3, true) == "6@200 9@66 18@22 41@7 98@2 -");
  }

  TEST_CASE("the largest is lost to a rounded power only for Ray Tune") {
    CHECK(band(729, 3, true).ends_with(" -"));
    CHECK(band(729, 3).ends_with(" 729@1"));
    CHECK(band(49, 7, true) == "3@49 11@7 -");
    CHECK(band(49, 7) == "3@49 11@7 49@1");
  }

  TEST_CASE("a band without end is refused") {
    CHECK_THROWS_WITH_AS(
        hyperband_band(options_of(81, 1.0001)),
        "hyperband: reduction_factor must be larger: 1.0001 makes more than 1000 brackets",
        std::invalid_argument);
  }
}

TEST_SUITE("hyperband: a bracket") {
  TEST_CASE("trials wait for the last, the best third goes on, the others end, worst first") {
    halved_once b{6};
    CHECK(b.choose_all() == numbers{0, 1, 2, 3, 4, 5});
    const double values[] = {5, 1, 5, 3, 9, 4};
    for (trial_number n = 0; n < 5; ++n) {
      CHECK(b.bracket.report(n, 2, 99).verdict == verdict::proceed);
      const auto d = b.bracket.report(n, 3, values[n]);
      CHECK(d.verdict == verdict::pause);
      CHECK(d.reason ==
            "hyperband: waits at 3 for " + std::to_string(5 - n) + " more of its bracket");
      CHECK_FALSE(b.bracket.ready());
    }
    CHECK(b.bracket.filled());
    const auto d = b.bracket.report(5, 3, values[5]);
    CHECK(d.verdict == verdict::stop);
    CHECK(d.also_stop == numbers{1, 3, 0}); // of two fives the earlier trial's ends
    CHECK(d.reason == "hyperband: the best 2 of 6 at 3 go on");
    CHECK(b.bracket.milestone() == 9);
    CHECK(b.bracket.filled());
    CHECK(b.choose_all() == numbers{2, 4});
  }

  TEST_CASE("NaN is the worst, and nothing is better than infinity") {
    halved_once b{6};
    const double values[] = {std::nan(""), INFINITY, -INFINITY, std::nan(""), 2, 1};
    for (trial_number n = 0; n < 5; ++n)
      b.bracket.report(n, 3, values[n]);
    CHECK(b.bracket.report(5, 3, values[5]).also_stop == numbers{0, 2, 3});
    CHECK(b.choose_all() == numbers{1, 4});
  }

  TEST_CASE("at the last milestone all end with the last that comes there") {
    halved_once b{6};
    for (trial_number n = 0; n < 6; ++n)
      b.bracket.report(n, 3, n);
    CHECK(b.bracket.report(5, 9, 5).verdict == verdict::pause);
    const auto d = b.bracket.report(4, 10, 4);
    CHECK(d.verdict == verdict::stop);
    CHECK(d.also_stop == numbers{5});
    CHECK(d.reason == "hyperband: the last milestone, 9, is reached");
    CHECK(b.bracket.empty());
  }

  TEST_CASE("without stop_last_trials the last ones go on for ever") {
    auto options = options_of(9, 3);
    options.stop_last_trials = false;
    hyperband_bracket b{options, {3, 3, 1}};
    for (const trial_number n : {0, 1, 2})
      b.add(n);
    b.report(2, 3, 1);
    b.report(1, 3, 2);
    CHECK(b.report(0, 3, 3).verdict == verdict::proceed);
    CHECK(b.report(0, 9, 3).verdict == verdict::proceed);
    CHECK(b.report(0, 999, 3).verdict == verdict::proceed);
  }

  TEST_CASE("when the awaited one leaves, the others are halved; Ray Tune does that once") {
    for (const bool ray : {false, true}) {
      halved_once b{6, ray};
      for (trial_number n = 0; n < 5; ++n)
        b.bracket.report(n, 3, n);
      CHECK(b.bracket.leave(5).also_stop == numbers{0, 1, 2});
      CHECK(b.choose_all() == numbers{3, 4});
      CHECK(b.bracket.report(3, 9, 1).verdict == verdict::pause);
      // Trial 3 waits at the end for trial 4, which fails.
      CHECK(b.bracket.leave(4).also_stop == (ray ? numbers{} : numbers{3}));
      CHECK(b.bracket.empty() == !ray);
    }
  }

  TEST_CASE("trials that have passed several milestones are halved as often; not so Ray Tune's") {
    for (const bool ray : {false, true}) {
      hyperband_bracket b{options_of(27, 3, ray), {9, 1, 3}};
      for (trial_number n = 0; n < 9; ++n)
        b.add(n);
      for (trial_number n = 0; n < 8; ++n)
        b.report(n, 5, n);
      const auto d = b.report(8, 5, 8);
      CHECK(d.verdict == (ray ? verdict::pause : verdict::proceed));
      CHECK(d.also_stop.size() == (ray ? 6 : 8));
      CHECK_FALSE(b.ready());
    }
  }

  TEST_CASE("a place that is free after a halving is taken by the next trial") {
    halved_once b{3};
    b.bracket.report(0, 3, 0);
    b.bracket.leave(1);
    b.bracket.leave(2);
    CHECK(b.bracket.milestone() == 9);
    CHECK(b.bracket.filled());
    b.bracket.leave(0);
    CHECK_FALSE(b.bracket.filled());
    b.bracket.add(7);
    CHECK(b.bracket.filled());
    CHECK(b.choose_all() == numbers{7});
    CHECK(b.bracket.report(7, 3, 0).verdict == verdict::proceed);
    CHECK(b.bracket.report(7, 9, 0).verdict == verdict::stop);
  }

  TEST_CASE("a trial that was told to pause and reports on is told again") {
    halved_once b{6};
    b.bracket.report(0, 3, 0);
    CHECK(b.bracket.report(0, 4, 0).verdict == verdict::pause);
    for (trial_number n = 1; n < 5; ++n)
      b.bracket.report(n, 3, n);
    CHECK(b.bracket.report(5, 3, 5).also_stop == numbers{0, 1, 2, 3});
  }

  TEST_CASE("its completion is the share of its work") {
    halved_once b{6}; // 6 trials to 3, 2 trials for 6 more
    CHECK(b.bracket.completion() == 0);
    b.bracket.report(0, 3, 0);
    CHECK(b.bracket.completion() == 3.0 / 30);
    b.bracket.report(1, 300, 0);
    CHECK(b.bracket.completion() == 1);
    b.bracket.report(0, 1, 0); // tried again from an earlier checkpoint
    CHECK(b.bracket.completion() == 1);
  }
}
