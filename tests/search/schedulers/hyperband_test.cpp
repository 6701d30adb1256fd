#include "search/bracket_kit.hpp"
#include "search/schedulers/hyperband.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace troupe;

namespace {

using numbers = bracket_driver::numbers;

struct hyperband_driver : bracket_driver {
  explicit hyperband_driver(trial_number trials, std::string_view options = "{}")
      : bracket_driver{"hyperband", trials, options} {}
};

constexpr trial_number whole_band = 5 + 8 + 15 + 34 + 81;
constexpr trial_number last_bracket = whole_band - 81;

} // namespace

TEST_SUITE("hyperband: Ray Tune's unit tests") {
  TEST_CASE("81 trials become 27, 9, 3 and 1, and the best of the last goes on") {
    hyperband_driver s{whole_band};
    trial_number left = 81;
    for (int milestone = 1; milestone < 81; milestone *= 3) {
      for (trial_number n = whole_band - left; n < whole_band - 1; ++n)
        CHECK(s.report(n, milestone, n) == verdict::pause);
      const auto d = s->reported(whole_band - 1, {static_cast<double>(milestone), 1e6});
      CHECK(d.verdict == verdict::proceed);
      CHECK(d.also_stop.size() == left - left / 3);
      left /= 3;
    }
    CHECK(left == 1);
    CHECK(s.report(whole_band - 1, 81, 0) == verdict::stop);
  }

  TEST_CASE("the worst stops if it comes last") {
    hyperband_driver s{5 + 8};
    for (trial_number n = 12; n > 5; --n)
      CHECK(s.report(n, 27, n) == verdict::pause);
    CHECK(s.report(5, 27, 5) == verdict::stop);
  }

  TEST_CASE("the bracket without halvings ends with its last trial") {
    hyperband_driver s{5};
    for (trial_number n = 0; n < 4; ++n)
      CHECK(s.report(n, 81, n) == verdict::pause);
    const auto d = s->reported(4, {81, 4});
    CHECK(d.verdict == verdict::stop);
    CHECK(d.also_stop == numbers{0, 1, 2, 3});
  }

  TEST_CASE("a bracket is halved also if its last trial fails or ends early") {
    for (const bool fails : {true, false}) {
      hyperband_driver s{5 + 8};
      for (trial_number n = 5; n < 12; ++n)
        s.report(n, 27, n);
      if (fails)
        s->failed(12);
      else
        s.complete(12, 5, 12);
      CHECK(s.ended() == numbers{5, 6, 7, 8});
      CHECK(s.ended().empty());
      CHECK(s.choose_all() == numbers{0, 1, 2, 3, 4, 9, 10, 11});
    }
  }

  TEST_CASE("a trial that fails or is removed before is not waited for") {
    hyperband_driver s{5 + 8};
    s->failed(5);
    s->removed(6);
    CHECK(s.ended().empty());
    for (trial_number n = 7; n < 12; ++n)
      CHECK(s.report(n, 27, n) == verdict::pause);
    CHECK(s->reported(12, {27, 99}).also_stop == numbers{7, 8, 9});
  }

  TEST_CASE("a bracket that has been halved takes new trials for those that are gone") {
    hyperband_driver s{5 + 8};
    for (trial_number n = 5; n < 13; ++n)
      s.report(n, 27, n); // 10, 11 and 12 go on to 81
    s->failed(10);
    s->added(13);
    CHECK(s.report(13, 27, 0) == verdict::proceed);
    CHECK(s.report(11, 81, 0) == verdict::pause);
    CHECK(s.report(12, 81, 0) == verdict::pause);
    CHECK(s.report(13, 81, 0) == verdict::stop);
  }

  TEST_CASE("a trial may jump over its milestone") {
    hyperband_driver s{5 + 8};
    for (trial_number n = 5; n < 12; ++n)
      CHECK(s.report(n, 27, n) == verdict::pause);
    CHECK(s.report(12, 40, 99) == verdict::proceed);
    CHECK(s.report(12, 80, 99) == verdict::proceed);
    CHECK(s.report(12, 90, 99) == verdict::pause);
  }

  TEST_CASE("brackets that are left out do not matter") {
    hyperband_driver s{100, R"({"max_t": 20})"};
    CHECK(s.choose_all().size() == 100);
    hyperband_driver skips{2 * (6 + 9 + 18 + 41 + 98) + 1, R"({"max_t": 200})"};
    CHECK(skips.choose_all().size() == 2 * (6 + 9 + 18 + 41 + 98) + 1);
  }

  TEST_CASE("a small max_t stops the last trials or lets them go on, also beyond it") {
    for (const double last : {8.0, 18.0}) {
      hyperband_driver stops{4, R"({"max_t": 8, "reduction_factor": 2})"};
      hyperband_driver goes_on{4,
                               R"({"max_t": 8, "reduction_factor": 2, "stop_last_trials": false})"};
      for (trial_number n = 0; n < 3; ++n) {
        CHECK(stops.report(n, last, n) == verdict::pause);
        CHECK(goes_on.report(n, last, n) == verdict::proceed);
      }
      CHECK(stops.report(3, last, 3) == verdict::stop);
      CHECK(goes_on.report(3, last, 3) == verdict::proceed);
    }
  }

  TEST_CASE("with mode min the smaller is the better") {
    auto least = scheduled_study("hyperband", R"({"max_t": 3})");
    least.mode = direction::min;
    scheduler_driver s{least};
    for (trial_number n = 0; n < 2 + 3; ++n)
      s->added(n);
    s.report(2, 1, 0.3);
    s.report(3, 1, 0.2);
    CHECK(s->reported(4, {1, 0.4}).also_stop == numbers{2});
  }
}

TEST_SUITE("hyperband: what it says of itself") {
  TEST_CASE("trials that only wait are woken up whatever happens; with compat, Ray Tune's wait") {
    for (const bool ray : {false, true}) {
      hyperband_driver s{3 + 5 + 9, ray ? R"({"max_t": 9, "compat": "ray"})" : R"({"max_t": 9})"};
      s.choose_all();
      for (trial_number n = 0; n < 8; ++n)
        s->failed(n);
      for (trial_number n = 8; n < 17; ++n)
        s.report(n, 1, n); // 14, 15 and 16 go on
      s.choose_all();
      CHECK(s.report(14, 3, 1) == verdict::pause);
      CHECK(s.report(15, 3, 2) == verdict::pause);
      s->failed(16);
      CHECK(s.choose_all() == (ray ? numbers{} : numbers{15}));
      CHECK(s.ended() == (ray ? numbers{} : numbers{14}));
    }
  }

  TEST_CASE("the first band comes first, and in it the bracket that has done least") {
    hyperband_driver s{2 + 3 + 2, R"({"max_t": 3})"}; // 2@3, 3@1; then the next band's 2@3
    CHECK(s->choose() == 0u);
    s.report(0, 1, 0);
    CHECK(s->choose() == 2u);
    CHECK(s->choose() == 3u);
    CHECK(s->choose() == 4u);
    CHECK(s->choose() == 1u);
    CHECK(s->choose() == 5u);
  }

  TEST_CASE("a trial that is tried again joins the bracket that is being filled") {
    hyperband_driver s{2 + 3 + 1, R"({"max_t": 3})"};
    s.choose_all();
    s.report(2, 1, 1);
    s.report(3, 1, 2);
    s->failed(4);
    s->added(4);
    CHECK(s.ended() == numbers{2});
    CHECK(s.choose_all() == numbers{3, 4});
    CHECK(s.report(4, 1, 0) == verdict::proceed); // no halving there
  }

  TEST_CASE("it likes to choose from two bands") {
    CHECK(hyperband_driver { 0 } -> lookahead() == 2 * whole_band);
    CHECK(hyperband_driver { 0, R"({"max_t": 1e300})" } -> lookahead() > whole_band);
  }

  TEST_CASE("a trial that has ended and reports all the same is stopped") {
    hyperband_driver s{5};
    s->completed(0, {});
    CHECK(s.report(0, 1, 1) == verdict::stop);
    CHECK(s.report(77, 1, 1) == verdict::stop);
  }

  TEST_CASE("options that make no sense are refused by name") {
    const auto refusal = [](std::string_view options) -> std::string {
      try {
        make_scheduler(scheduled_study("hyperband", options));
      } catch (const std::invalid_argument& e) {
        return e.what();
      }
      return "none";
    };
    CHECK(refusal("{}") == "none");
    CHECK(refusal(R"({"max_t": 0.5})") ==
          "hyperband: max_t: must be a number of at least 1; found 0.5");
    CHECK(refusal(R"({"reduction_factor": 1})") ==
          "hyperband: reduction_factor: must be a number above 1; found 1");
    CHECK(refusal(R"({"compat": "tune"})") ==
          R"(hyperband: compat: must be "ray"; found the text "tune")");
    CHECK(refusal(R"({"brackets": 1})") ==
          "hyperband: brackets: unknown key; known: name, time_attr, max_t, reduction_factor, "
          "stop_last_trials, compat");
  }
}
