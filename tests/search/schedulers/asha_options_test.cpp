#include "search/scheduler_kit.hpp"
#include "search/schedulers/asha.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace troupe;

namespace {

std::vector<double> ladder(double max_t, double grace, double rf) {
  asha_options options;
  options.max_t = max_t;
  options.grace_period = grace;
  options.reduction_factor = rf;
  return asha_ladder(options);
}

std::string refusal(std::string_view options) {
  try {
    make_scheduler(scheduled_study("asha", options));
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return "none";
}

} // namespace

TEST_SUITE("asha: the ladder") {
  TEST_CASE("the ladder has every rung up to max_t") {
    CHECK(ladder(10, 1, 2) == std::vector<double>{1, 2, 4, 8});
    CHECK(ladder(100, 2.5, 3) == std::vector<double>{2.5, 7.5, 22.5, 67.5});
    CHECK(ladder(40, 1, 2.5) == std::vector<double>{1, 2.5, 6.25, 15.625, 39.0625});
    CHECK(ladder(5, 5, 4) == std::vector<double>{5});
    CHECK(ladder(7.9, 2, 4) == std::vector<double>{2});
  }

  TEST_CASE("no top rung is lost to a rounded logarithm") {
    CHECK(ladder(243, 1, 3) == std::vector<double>{1, 3, 9, 27, 81, 243});
    CHECK(ladder(486, 2, 3) == std::vector<double>{2, 6, 18, 54, 162, 486});
    CHECK(ladder(1000, 1, 10) == std::vector<double>{1, 10, 100, 1000});
    CHECK(ladder(216, 1, 6) == std::vector<double>{1, 6, 36, 216});
    for (int rf = 2; rf <= 30; ++rf) {
      std::size_t rungs = 1;
      for (double top = 1; top <= 1e9; top *= rf, ++rungs)
        CHECK(ladder(top, 1, rf).size() == rungs);
    }
  }

  TEST_CASE("a ladder without end is refused") {
    CHECK_THROWS_WITH_AS(
        ladder(1e9, 1, 1.000001),
        "asha: reduction_factor must be larger: 1.000001 makes more than 1000 rungs",
        std::invalid_argument);
  }
}

TEST_SUITE("asha: brackets") {
  constexpr trial_number trials = 4000;

  /// Which of many trials stop at iteration 1 although each is worse than all before: those of
  /// bracket 0, as bracket 1 lacks that rung. Each fails `failures` times before.
  std::set<trial_number> stopped_at_once(std::uint64_t seed, int failures = 0) {
    auto two = scheduled_study("asha", R"({"max_t": 8, "reduction_factor": 2, "brackets": 2})");
    two.seed = seed;
    scheduler_driver s{two};
    std::set<trial_number> stopped;
    for (trial_number n = 0; n < trials; ++n) {
      s.start(n);
      for (int i = 0; i < failures; ++i) {
        s->failed(n);
        s.start(n);
      }
      if (s.report(n, 1, -1.0 * n) == verdict::stop) stopped.insert(n);
    }
    return stopped;
  }

  TEST_CASE("a bracket's share grows as e to the number of its rungs") {
    for (const int failures : {0, 1}) {
      const auto share = static_cast<double>(stopped_at_once(3, failures).size()) / trials;
      CHECK(share == doctest::Approx(1 / (1 + std::exp(-1.0))).epsilon(0.04));
    }
  }

  TEST_CASE("brackets depend on the study's seed alone") {
    CHECK(stopped_at_once(3) == stopped_at_once(3));
    CHECK(stopped_at_once(3) != stopped_at_once(4));
  }

  TEST_CASE("a trial that is tried again draws its bracket anew") {
    const auto first = stopped_at_once(3), second = stopped_at_once(3, 1);
    trial_number both = 0;
    for (const auto n : first)
      both += second.contains(n) ? 1 : 0;
    const double p = 1 / (1 + std::exp(-1.0));
    CHECK(both / static_cast<double>(trials) == doctest::Approx(p * p).epsilon(0.08));
  }

  TEST_CASE("a bracket without rungs never stops anybody early") {
    scheduler_driver s{scheduled_study(
        "asha", R"({"max_t": 2, "grace_period": 2, "brackets": 2, "stop_last_trials": false})")};
    int stopped = 0;
    for (trial_number n = 0; n < 200; ++n) {
      s.start(n);
      stopped += s.report(n, 2, -1.0 * n) == verdict::stop ? 1 : 0;
    }
    CHECK(stopped > 100);
    CHECK(stopped < 190);
  }
}

TEST_CASE("asha refuses options that make no sense, by name") {
  CHECK(refusal(R"({"max_t": 0})") == "asha: max_t: must be a number above 0; found 0");
  CHECK(refusal(R"({"max_t": "10"})") ==
        R"(asha: max_t: must be a number above 0; found the text "10")");
  CHECK(refusal(R"({"grace_period": -1})") ==
        "asha: grace_period: must be a number above 0; found -1");
  CHECK(refusal(R"({"grace_period": 200})") == "asha: grace_period: grace_period must not be above "
                                               "max_t; found grace_period 200 and max_t 100");
  CHECK(refusal(R"({"reduction_factor": 1})") ==
        "asha: reduction_factor: must be a number above 1; found 1");
  CHECK(refusal(R"({"brackets": 1.5})") ==
        "asha: brackets: must be a whole number of at least 1; found 1.5");
  CHECK(refusal(R"({"brackets": 5000})") ==
        "asha: brackets: must be a whole number of at most 1000; found 5000");
  CHECK(refusal(R"({"stop_last_trials": 1})") ==
        "asha: stop_last_trials: must be true or false; found 1");
  CHECK(refusal(R"({"time_attr": 1})") ==
        "asha: time_attr: must be a text that is not empty; found 1");
  CHECK(refusal(R"({"grace": 1})") == R"(asha: grace: unknown key; did you mean "grace_period"?)");
  CHECK(refusal(R"({"max_t": 10, "grace_period": 10, "reduction_factor": 1.5})") == "none");
}

TEST_CASE("the variant with promotion has one bracket") {
  CHECK(refusal(R"({"variant": "promoting"})") ==
        R"(asha: variant: must be "stopping" or "promotion"; found the text "promoting")");
  CHECK(refusal(R"({"variant": "promotion", "brackets": 2})") ==
        R"(asha: brackets: must be 1 with "variant": "promotion"; found 2)");
  CHECK(refusal(R"({"variant": "promotion"})") == "none");
}
