#include "base/json.hpp"

#include <troupe/searcher.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

using namespace troupe;

namespace {

study repeated(boost::json::object inner, std::uint32_t repeat, bool set_index = false) {
  study s;
  s.metric = "loss";
  s.seed = 4;
  s.searcher = {"repeater",
                {{"searcher", std::move(inner)}, {"repeat", repeat}, {"set_index", set_index}}};
  s.space.add("x", uniform{0, 1});
  return s;
}

std::string suggested(searcher& searcher, trial_number n) {
  return to_text(std::get<config>(searcher.suggest(n)));
}

/// The first suggestions are random, and then children of the two parents with the least loss.
boost::json::object copies() {
  return {{"name", "nsga2"}, {"population_size", 2}, {"mutation_prob", 0}};
}

} // namespace

TEST_CASE("each configuration comes as often as asked for, with its index") {
  const auto s = repeated({{"name", "random"}}, 3, true);
  const auto searcher = make_searcher(s);
  for (trial_number n = 0; n < 12; ++n) {
    auto wanted = sample(s.space, 4, n / 3);
    wanted["__trial_index__"] = n % 3;
    CHECK(suggested(*searcher, n) == to_text(wanted));
  }
}

TEST_CASE("the index is added by default, and can be left away") {
  auto s = repeated({{"name", "random"}}, 2);
  CHECK(std::get<config>(make_searcher(s)->suggest(0)).size() == 1);
  s.searcher.options.erase("set_index");
  CHECK(std::get<config>(make_searcher(s)->suggest(0)).contains("__trial_index__"));
}

TEST_CASE("the wrapped searcher's trials are the groups, numbered without gaps") {
  auto s = repeated({{"name", "sobol"}}, 2);
  s.points_to_evaluate = {{{"x", 0.1}}, {{"x", 0.2}}};
  const auto searcher = make_searcher(s);
  std::string all;
  for (trial_number n = 0; n < 10; ++n)
    all += suggested(*searcher, n);
  CHECK(all == R"({"x": 0.1}{"x": 0.1}{"x": 0.2}{"x": 0.2}{"x": 0.75}{"x": 0.75})"
               R"({"x": 0.25}{"x": 0.25}{"x": 0.375}{"x": 0.375})");
}

TEST_CASE("the wrapped searcher is told the mean, without the repeats that failed") {
  // Groups 0 and 1 become parents; of what comes after, the better of group 2 and them.
  const auto x_after = [](const std::optional<outcome>& second_repeat) {
    const auto searcher = make_searcher(repeated(copies(), 2));
    std::vector<double> x;
    for (trial_number n = 0; n < 8; ++n)
      x.push_back(param<double>(std::get<config>(searcher->suggest(n)), "x"));
    for (trial_number n = 0; n < 4; ++n)
      searcher->complete(n, n < 2 ? 1.0 : 2.0);
    for (trial_number n = 4; n < 6; ++n)
      searcher->complete(n, n == 4 ? std::optional<outcome>{0.5} : second_repeat);
    for (trial_number n = 6; n < 8; ++n)
      searcher->stopped(n, 9.0);
    int from_group_2 = 0;
    for (trial_number n = 8; n < 48; ++n)
      from_group_2 += param<double>(std::get<config>(searcher->suggest(n)), "x") == x[4];
    return from_group_2 > 0;
  };
  CHECK(x_after(0.6));          // 0.55: better than 1
  CHECK(x_after(3.0));          // 1.75: better than 2
  CHECK_FALSE(x_after(4.0));    // 2.25
  CHECK(x_after(std::nullopt)); // 0.5
  CHECK(x_after(std::nan("")));
}

TEST_CASE("a group whose repeats have all failed has failed, and nothing is told before the last") {
  const auto s = repeated({{"name", "tpe"}, {"n_startup_trials", 1}}, 2);
  const auto searcher = make_searcher(s);
  for (trial_number n = 0; n < 6; ++n)
    suggested(*searcher, n);
  searcher->complete(0, std::nullopt);
  searcher->complete(1, std::nan(""));
  CHECK(suggested(*searcher, 6) == to_text(sample(s.space, 4, 3)));
  suggested(*searcher, 7);
  searcher->complete(2, 0.5);
  CHECK(suggested(*searcher, 8) == to_text(sample(s.space, 4, 4)));
  suggested(*searcher, 9);
  searcher->complete(3, 0.5);
  CHECK(suggested(*searcher, 10) != to_text(sample(s.space, 4, 5)));
}

TEST_CASE("several objectives and constraints have their means") {
  auto s = repeated(copies(), 2);
  s.further_objectives = {{"cost", direction::min}};
  s.constraints = {"over"};
  const auto searcher = make_searcher(s);
  std::vector<double> x;
  for (trial_number n = 0; n < 6; ++n)
    x.push_back(param<double>(std::get<config>(searcher->suggest(n)), "x"));
  // Group 0 is feasible in the mean, group 1 is not, and group 2 is without its NaN.
  const auto end = [&](trial_number n, double cost, double over) {
    searcher->complete(n, outcome{{1.0, cost}, {over}});
  };
  end(0, 1, 3);
  end(1, 1, -3);
  end(2, 0, -3);
  end(3, 0, 4);
  end(4, std::nan(""), 99);
  end(5, 5, -1);
  for (trial_number n = 6; n < 10; ++n)
    suggested(*searcher, n);
  end(6, 7, 5);
  end(7, 7, 5);
  end(8, 7, 5);
  end(9, 7, 5);
  for (trial_number n = 10; n < 40; ++n) {
    const double from = param<double>(std::get<config>(searcher->suggest(n)), "x");
    CHECK((from == x[0] || from == x[2] || from == x[4]));
    CHECK(from != x[2]);
  }
}

TEST_CASE("what is adopted is a group of its own, in the middle of another one") {
  const auto s = repeated(copies(), 2);
  const auto searcher = make_searcher(s);
  const auto first = suggested(*searcher, 0);
  searcher->adopt(1, {{"x", 0.125}, {"__trial_index__", 1}});
  CHECK(suggested(*searcher, 2) == first);
  searcher->complete(0, 1.0);
  searcher->complete(2, 1.0);
  searcher->complete(1, 0.5);
  int adopted = 0;
  for (trial_number n = 3; n < 43; ++n) {
    const auto c = suggested(*searcher, n);
    CHECK((c == first || c == R"({"x": 0.125})"));
    adopted += c != first;
  }
  CHECK(adopted > 10);
}

TEST_CASE("a repeater without a searcher, or a number, is refused") {
  auto s = repeated({{"name", "random"}}, 2);
  s.searcher.options.erase("repeat");
  CHECK_THROWS_WITH_AS(make_searcher(s),
                       "repeater: repeat: is missing; it says how often to try each configuration",
                       std::invalid_argument);
  s.searcher.options = {{"searcher", "tpe"}, {"repeat", 2}};
  CHECK_THROWS_WITH_AS(make_searcher(s), doctest::Contains("searcher: must be an object"),
                       std::invalid_argument);
}
