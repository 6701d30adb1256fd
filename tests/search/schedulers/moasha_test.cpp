#include "search/numbers/epsilon_net.hpp"
#include "search/scheduler_kit.hpp"
#include "search/schedulers/moasha.hpp"
#include "search/schedulers/schedule_plan.hpp"

#include <troupe/random.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace troupe;

namespace {

constexpr double endlessly = std::numeric_limits<double>::infinity();

using places = std::vector<std::size_t>;

/// Larger score is better, and smaller cost.
study with_cost(std::string_view options = R"({"max_t": 8, "reduction_factor": 2})") {
  auto s = scheduled_study("moasha", options);
  s.further_objectives = {{"cost", direction::min}};
  return s;
}

/// Adds and starts the trial, and says whether it goes on after a report at the first rung.
bool goes_on(scheduler_driver& s, trial_number n, double score, double cost) {
  s.start(n);
  return s->reported(n, {1, score, {cost}}).verdict == verdict::proceed;
}

} // namespace

TEST_SUITE("moasha: who is among the best") {
  TEST_CASE("a net starts at the least first loss, and goes to where the most room is") {
    const std::vector<losses> line{{2, 8}, {0, 10}, {10, 0}, {5, 5}, {9, 1}};
    CHECK(epsilon_net(line, 9) == places{1, 2, 3, 0, 4});
    CHECK(epsilon_net(line, 2) == places{1, 2});
    CHECK(epsilon_net({}, 2).empty());
  }

  TEST_CASE("distances are in units of each loss's range") {
    const std::vector<losses> front{{0, 1000}, {0.5, 990}, {1, 0}};
    CHECK(epsilon_net(front, 3) == places{0, 2, 1});
    const std::vector<losses> other{{0, 1000}, {0.9, 400}, {1, 0}, {0.1, 990}};
    CHECK(epsilon_net(other, 3) == places{0, 2, 1});
  }

  TEST_CASE("infinite losses and losses that are all the same do no harm") {
    const std::vector<losses> points{{endlessly, 1}, {-endlessly, 1}, {0, 1}, {4, 1}};
    CHECK(epsilon_net(points, 4) == places{1, 0, 2, 3});
    CHECK(epsilon_net({{endlessly}, {endlessly}}, 2) == places{0, 1});
  }

  TEST_CASE("fronts come first, the net decides in the one that does not fit") {
    const std::vector<losses> points{{1, 1}, {0, 3}, {3, 0}, {2, 2}, {3, 3}};
    for (const std::size_t first : {0, 1, 2})
      CHECK(among_best(points, first, 3));
    CHECK(among_best(points, 1, 1));
    CHECK_FALSE(among_best(points, 0, 2));
    CHECK(among_best(points, 2, 2));
    CHECK_FALSE(among_best(points, 3, 3));
    CHECK(among_best(points, 3, 4));
    CHECK_FALSE(among_best(points, 4, 4));
  }

  TEST_CASE("what equals one of the best is one of them") {
    const std::vector<losses> points{{1}, {1}, {1}, {2}};
    CHECK(among_best(points, 2, 1));
    CHECK_FALSE(among_best(points, 3, 1));
  }
}

TEST_SUITE("moasha") {
  TEST_CASE("a trial that others dominate stops, one that nobody dominates may go on") {
    scheduler_driver s{with_cost()};
    CHECK(goes_on(s, 0, 5, 5));
    CHECK_FALSE(goes_on(s, 1, 4, 6));
    CHECK(goes_on(s, 2, 6, 5));
    CHECK(goes_on(s, 3, 1, 1));
    CHECK_FALSE(goes_on(s, 4, 4, 5));
    s.start(5);
    const auto d = s->reported(5, {1, 4, {7}});
    CHECK(d.verdict == verdict::stop);
    CHECK(d.reason == "moasha: not among the best 3 (1/2) of 6 trials at rung 1");
  }

  TEST_CASE("with one objective it is successive halving by rank") {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      scheduler_driver s{scheduled_study("moasha", R"({"max_t": 9, "reduction_factor": 3})")};
      random_stream random{seed, 0, "values"};
      std::vector<double> before;
      for (trial_number n = 0; n < 40; ++n) {
        const double value = random.uniform();
        before.push_back(value);
        std::size_t better = 0;
        for (const double other : before)
          if (other > value) ++better;
        s.start(n);
        const bool good = better * 3 < before.size();
        CHECK(s.report(n, 1, value) == (good ? verdict::proceed : verdict::stop));
      }
    }
  }

  TEST_CASE("rungs are asha's, and trials are judged once at each") {
    scheduler_driver s{with_cost()};
    CHECK(goes_on(s, 0, 9, 9));
    CHECK(goes_on(s, 1, 10, 9));
    CHECK(s->reported(0, {1, 0, {99}}).verdict == verdict::proceed);
    CHECK(s->reported(1, {2, 10, {9}}).verdict == verdict::proceed);
    CHECK(s->reported(0, {3, 9, {9}}).verdict == verdict::stop); // judged at 2
    CHECK(s->reported(1, {8, 10, {9}}).reason == "moasha: max_t 8 reached");
    scheduler_driver endless{
        with_cost(R"({"max_t": 8, "reduction_factor": 2, "stop_last_trials": false})")};
    CHECK(goes_on(endless, 0, 9, 9));
    CHECK(endless->reported(0, {9, 9, {9}}).verdict == verdict::proceed);
  }

  TEST_CASE("NaN is not judged and does not count") {
    scheduler_driver s{with_cost()};
    CHECK(goes_on(s, 0, std::nan(""), 1));
    CHECK(goes_on(s, 1, 1, std::nan("")));
    CHECK(goes_on(s, 2, 5, 5));
    CHECK_FALSE(goes_on(s, 3, 5, 6));
  }

  TEST_CASE("a trial that ends by itself counts for later ones") {
    scheduler_driver s{with_cost()};
    s.start(0);
    s->completed(0, result{1, 5, {5}});
    CHECK_FALSE(goes_on(s, 1, 5, 6));
  }

  TEST_CASE("options that make no sense are refused by name, and it is planned like asha") {
    const auto refusal = [](std::string_view options) -> std::string {
      try {
        make_scheduler(scheduled_study("moasha", options));
      } catch (const std::invalid_argument& e) {
        return e.what();
      }
      return "none";
    };
    CHECK(refusal("{}") == "none");
    CHECK(refusal(R"({"max_t": 0})").starts_with("moasha: max_t: must be a number"));
    CHECK(refusal(R"({"reduction_factor": 1})") ==
          "moasha: reduction_factor: must be a number above 1; found 1");
    CHECK(refusal(R"({"grace_period": 101})") ==
          "moasha: grace_period: grace_period must not be above max_t; found grace_period 101 and "
          "max_t 100");
    CHECK(refusal(R"({"brackets": 1})").starts_with("moasha: brackets: unknown key"));
    CHECK(refusal(R"({"reduction_factor": 1.0001})")
              .starts_with("moasha: reduction_factor: must be larger"));
    const auto plan = planned_brackets(with_cost());
    REQUIRE(plan.size() == 1);
    CHECK(plan[0].rungs == std::vector<double>{1, 2, 4, 8});
  }
}
