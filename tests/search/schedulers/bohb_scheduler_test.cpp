#include "search/bracket_kit.hpp"
#include "search/schedulers/bohb_scheduler.hpp"
#include "search/schedulers/schedule_plan.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace troupe;

namespace {

using numbers = bracket_driver::numbers;

constexpr auto to_9 = R"({"max_t": 9})"; // brackets 9@1, 5@3, 3@9

struct bohb_driver : bracket_driver {
  explicit bohb_driver(trial_number trials, std::string_view options = to_9)
      : bracket_driver{"bohb", trials, options} {}
};

} // namespace

TEST_SUITE("bohb, the scheduler") {
  TEST_CASE("the largest bracket is filled first") {
    bohb_driver s{9 + 5};
    s.choose_all();
    for (trial_number n = 0; n < 8; ++n)
      CHECK(s.report(n, 1, n) == verdict::pause);
    for (trial_number n = 9; n < 14; ++n)
      CHECK(s.report(n, 2, n) == verdict::proceed);
    const auto d = s->reported(8, {1, 100});
    CHECK(d.verdict == verdict::proceed);
    CHECK(d.also_stop == numbers{0, 1, 2, 3, 4, 5});
    CHECK(s.choose_all() == numbers{6, 7});
  }

  TEST_CASE("trials wait until their bracket is full, though none of it runs") {
    bohb_driver s{8};
    s.choose_all();
    for (trial_number n = 0; n < 8; ++n) {
      const auto d = s->reported(n, {1, 1.0 * n});
      CHECK(d.verdict == verdict::pause);
      CHECK(d.reason == "bohb: waits at 1 for its bracket to fill up");
    }
    s->added(8);
    CHECK(s.choose_all() == numbers{8});
    CHECK(s->reported(8, {1, 8}).also_stop == numbers{0, 1, 2, 3, 4, 5});
  }

  TEST_CASE("brackets are halved unfilled only when nobody may run and nobody runs") {
    bohb_driver s{9 + 3};
    s.choose_all();
    for (trial_number n = 0; n < 8; ++n)
      s->completed(n, {});
    for (trial_number n = 9; n < 12; ++n)
      CHECK(s.report(n, 3, n) == verdict::pause);
    CHECK(s.choose_all().empty()); // 8 runs
    CHECK(s.report(8, 9, 1) == verdict::stop);
    s->completed(8, result{9, 1});
    CHECK(s->choose() == 10u); // two of a full one would go on
    CHECK(s.ended() == numbers{9});
    CHECK(s.choose_all() == numbers{11});
  }

  TEST_CASE("a full bracket is halved when the last trial that it waits for leaves it") {
    for (const bool fails : {false, true}) {
      bohb_driver s{9};
      s.choose_all();
      for (trial_number n = 0; n < 8; ++n)
        s.report(n, 1, n);
      fails ? s->failed(8) : s->removed(8);
      CHECK(s.ended() == numbers{0, 1, 2, 3, 4});
      CHECK(s.choose_all() == numbers{5, 6, 7});
    }
  }

  TEST_CASE("one that fails in a bracket that is not full does not halve it") {
    bohb_driver s{4};
    s.choose_all();
    for (trial_number n = 0; n < 3; ++n)
      s.report(n, 1, n);
    s->failed(3);
    s->added(3);
    CHECK(s.ended().empty());
    CHECK(s.choose_all() == numbers{3});
  }

  TEST_CASE("earlier brackets come first, whatever they have done") {
    bohb_driver s{9 + 5};
    for (trial_number n = 0; n < 9; ++n)
      s->choose();
    for (trial_number n = 0; n < 9; ++n)
      s.report(n, 1, n);
    CHECK(s.choose_all() == numbers{6, 7, 9, 10, 11, 12, 13});
  }

  TEST_CASE("a trial ends at the last milestone, without waiting for the others") {
    bohb_driver s{9 + 5 + 3};
    s.choose_all();
    CHECK(s->reported(14, {9, 0}).reason == "bohb: the last milestone, 9, is reached");
    CHECK(s.report(15, 8, 0) == verdict::proceed);
    CHECK(s.report(15, 9, 0) == verdict::stop);
    bohb_driver endless{9 + 5 + 3, R"({"max_t": 9, "stop_last_trials": false})"};
    CHECK(endless.report(14, 9, 0) == verdict::proceed);
    CHECK(endless.report(14, 99, 0) == verdict::proceed);
  }

  TEST_CASE("who has had all that there is ends for that reason, whatever follows for others") {
    bohb_driver s{9};
    s.choose_all();
    for (trial_number n = 0; n < 8; ++n)
      CHECK(s.report(n, 1, n) == verdict::pause);
    const auto own = s->reported(8, {9, 0}); // it reports seldom
    CHECK(own.verdict == verdict::stop);
    CHECK(own.reason == "bohb: the last milestone, 9, is reached");
    CHECK(own.also_stop.empty());
    s->completed(8, result{9, 0});
    const auto others = s->aftermath();
    REQUIRE(others.size() == 1);
    CHECK(others[0].also_stop == numbers{0, 1, 2, 3, 4});
    CHECK(others[0].reason == "bohb: the best 3 of 8 at 1 go on");
    CHECK(s.choose_all() == numbers{5, 6, 7});
  }

  TEST_CASE("trials are suggested one by one, when all before have a slot") {
    CHECK(bohb_driver { 0 } -> lookahead() == 1);
  }

  TEST_CASE("its options are hyperband's, and it is planned from its largest bracket on") {
    const auto refusal = [](std::string_view options) -> std::string {
      try {
        make_scheduler(scheduled_study("bohb", options));
      } catch (const std::invalid_argument& e) {
        return e.what();
      }
      return "none";
    };
    CHECK(refusal(R"({"max_t": 0.5})") == "bohb: max_t: must be a number of at least 1; found 0.5");
    CHECK(refusal(R"({"compat": "ray"})") ==
          "bohb: compat: unknown key; known: name, time_attr, max_t, reduction_factor, "
          "stop_last_trials");
    CHECK(refusal(R"({"reduction_factor": 1.001, "max_t": 1e9})")
              .starts_with("bohb: reduction_factor: must be larger"));
    const auto brackets = planned_brackets(scheduled_study("bohb", to_9));
    REQUIRE(brackets.size() == 3);
    CHECK(brackets[0].trials == 9);
    CHECK(brackets[0].rungs == std::vector<double>{1, 3, 9});
    CHECK(brackets[2].trials == 3);
  }
}
