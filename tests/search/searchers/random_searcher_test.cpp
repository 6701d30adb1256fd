#include "base/json.hpp"

#include <troupe/searcher.hpp>

#include <doctest/doctest.h>

#include <limits>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

using namespace troupe;

namespace {

study example() {
  auto s = study{};
  s.metric = "loss";
  s.seed = 5;
  s.space.add("lr", uniform{0, 1});
  return s;
}

std::string suggested(searcher& searcher, trial_number n) {
  return to_text(std::get<config>(searcher.suggest(n)));
}

} // namespace

TEST_CASE("the random searcher suggests the draws of the study's seed") {
  const auto s = example();
  const auto searcher = make_searcher(s);
  for (trial_number n = 0; n < 100; ++n)
    CHECK(suggested(*searcher, n) == to_text(sample(s.space, 5, n)));
}

TEST_CASE("results do not change what the random searcher suggests") {
  const auto s = example();
  const auto told = make_searcher(s);
  const auto untold = make_searcher(s);
  for (trial_number n = 0; n < 10; ++n) {
    CHECK(suggested(*told, n) == suggested(*untold, n));
    told->observe(n, 1, std::numeric_limits<double>::quiet_NaN());
    told->complete(n, n % 2 ? std::optional{0.5} : std::nullopt);
  }
  CHECK(suggested(*told, 3) == suggested(*untold, 3));
}

TEST_CASE("a searcher that is not there, or an option it lacks, is refused") {
  auto s = example();
  s.searcher = {"annealing", {}};
  CHECK_THROWS_WITH_AS(make_searcher(s),
                       doctest::Contains(R"(unknown searcher "annealing"; known: bohb, )"),
                       std::invalid_argument);
  s.searcher = {"random", {{"n_startup_trials", 3}}};
  CHECK_THROWS_WITH_AS(make_searcher(s),
                       "random: n_startup_trials: unknown key; known: name, avoid_duplicates",
                       std::invalid_argument);
}

TEST_CASE("random tries a finite space's configurations once each, if told to, and then no more") {
  auto s = example();
  s.searcher.options = {{"avoid_duplicates", true}};
  auto often = std::vector<boost::json::value>(5000, 0);
  often.emplace_back(1); // it is drawn once in 5001
  s.space = search_space{}
                .add("a", choice{{0, 1, 2}})
                .add("b", randint{0, 100}, {{"a", {1}}})
                .add("rare", choice{often});
  const auto searcher = make_searcher(s);
  std::set<std::string> all;
  for (trial_number n = 0; n < 204; ++n)
    CHECK(all.insert(suggested(*searcher, n)).second);
  for (trial_number n = 204; n < 210; ++n)
    CHECK(std::holds_alternative<exhausted>(searcher->suggest(n)));
}

TEST_CASE("without duplicates the first draws are those with them, and the others are no walk") {
  auto s = example();
  s.space = search_space{}.add("n", randint{0, 1000});
  const auto with = make_searcher(s);
  s.searcher.options = {{"avoid_duplicates", true}};
  const auto without = make_searcher(s);
  int same = 0, sum = 0;
  for (trial_number n = 0; n < 500; ++n) {
    const auto c = suggested(*without, n);
    same += c == suggested(*with, n);
    sum += param<int>(parse_json(c).as_object(), "n");
  }
  CHECK((same > 340 && same < 440)); // 393 of 500 draws are new, on average
  CHECK((sum > 450 * 500 && sum < 550 * 500));
}

TEST_CASE("points to evaluate and what is adopted are not suggested again") {
  auto s = example();
  s.searcher.options = {{"avoid_duplicates", true}};
  s.space = search_space{}.add("n", randint{0, 4});
  s.points_to_evaluate = {{{"n", 2}}, {{"n", 9}}, {{"n", 2.0}}};
  const auto searcher = make_searcher(s);
  CHECK(suggested(*searcher, 0) == R"({"n": 2})");
  CHECK(suggested(*searcher, 1) == R"({"n": 9})");
  searcher->adopt(2, {{"n", 0}});
  std::set<std::string> rest{suggested(*searcher, 3), suggested(*searcher, 4)};
  CHECK(rest == std::set<std::string>{R"({"n": 1})", R"({"n": 3})"});
  CHECK(std::holds_alternative<exhausted>(searcher->suggest(5)));
}

TEST_CASE("in a space without an end of values duplicates are drawn anew as well") {
  auto s = example();
  s.searcher.options = {{"avoid_duplicates", true}};
  s.space = search_space{}.add("k", choice{{0, 1}}).add("x", uniform{0, 1}, {{"k", {1}}});
  const auto searcher = make_searcher(s);
  int without_x = 0;
  for (trial_number n = 0; n < 200; ++n)
    without_x += suggested(*searcher, n) == R"({"k": 0})";
  CHECK(without_x == 1);
  s.space = search_space{}.add("n", expression{"randint(0, 3)"});
  const auto drawn = make_searcher(s);
  for (trial_number n = 0; n < 3; ++n)
    suggested(*drawn, n);
  CHECK(std::holds_alternative<exhausted>(drawn->suggest(3)));
}
