#include "base/json.hpp"
#include "search/numbers/sobol.hpp"

#include <troupe/searcher.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <set>
#include <stdexcept>

using namespace troupe;

namespace {

study example(boost::json::object options = {}) {
  auto s = study{};
  s.metric = "loss";
  s.seed = 5;
  s.searcher = {"sobol", std::move(options)};
  s.space.add("lr", uniform{0, 1})
      .add("fixed", constant{7})
      .add("deep/n", randint{0, 8})
      .add("deep/one", randint{3, 4})
      .add("act", choice{{"relu", "tanh"}});
  return s;
}

config suggested(searcher& searcher, trial_number n) {
  return std::get<config>(searcher.suggest(n));
}

} // namespace

TEST_CASE("the sobol searcher maps point n to trial n, an axis for each parameter with a choice") {
  const auto searcher = make_searcher(example());
  const auto sequence = sobol_sequence{3};
  for (trial_number n = 0; n < 64; ++n) {
    const auto c = suggested(*searcher, n);
    const auto point = sequence.point(n);
    CHECK(param<double>(c, "lr") == point[0]);
    CHECK(param<int>(c, "deep/n") == static_cast<int>(std::floor(8 * point[1])));
    CHECK(param<std::string>(c, "act") == (point[2] < 0.5 ? "relu" : "tanh"));
    CHECK(param<int>(c, "fixed") == 7);
    CHECK(param<int>(c, "deep/one") == 3);
  }
}

TEST_CASE("the first unscrambled suggestion has the lowest values") {
  CHECK(to_text(suggested(*make_searcher(example()), 0)) ==
        R"({"lr": 0.0, "fixed": 7, "deep": {"n": 0, "one": 3}, "act": "relu"})");
}

TEST_CASE("scrambled suggestions depend on the study's seed, unscrambled ones do not") {
  const auto first = [](bool scramble, std::uint64_t seed) {
    auto s = example({{"scramble", scramble}});
    s.seed = seed;
    return to_text(suggested(*make_searcher(s), 3));
  };
  CHECK(first(false, 1) == first(false, 2));
  CHECK(first(true, 1) != first(true, 2));
  CHECK(first(true, 1) == first(true, 1));
  CHECK(first(true, 1) != first(false, 1));
}

TEST_CASE("sobol suggestions depend on nothing but the trial's number") {
  const auto told = make_searcher(example({{"scramble", true}}));
  const auto untold = make_searcher(example({{"scramble", true}}));
  for (trial_number n = 0; n < 20; ++n) {
    const auto c = to_text(suggested(*told, n));
    told->observe(n, 1, 0.5);
    told->complete(n, std::nullopt);
    CHECK(to_text(suggested(*untold, 19 - n)) == to_text(suggested(*told, 19 - n)));
    CHECK(c == to_text(suggested(*told, n)));
  }
}

TEST_CASE("scrambled suggestions visit every value of a small space equally often") {
  auto s = example({{"scramble", true}});
  const auto searcher = make_searcher(s);
  std::multiset<int> seen;
  for (trial_number n = 0; n < 64; ++n)
    seen.insert(param<int>(suggested(*searcher, n), "deep/n"));
  for (int value = 0; value < 8; ++value)
    CHECK(seen.count(value) == 8);
}

TEST_CASE("a space without choice gives the sobol searcher nothing to do") {
  auto s = study{};
  s.searcher = {"sobol", {}};
  s.space.add("fixed", constant{7});
  CHECK(to_text(suggested(*make_searcher(s), 3)) == R"({"fixed": 7})");
}

TEST_CASE("the sobol searcher refuses what it cannot do") {
  CHECK_THROWS_WITH_AS(make_searcher(example({{"qmc_type", "halton"}})),
                       "sobol: qmc_type: unknown key; known: name, scramble",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(make_searcher(example({{"scramble", 1}})),
                       "sobol: scramble: must be true or false; found 1", std::invalid_argument);
  auto large = example();
  for (std::size_t i = 0; i < sobol_sequence::max_dim; ++i)
    large.space.add("x" + std::to_string(i), uniform{0, 1});
  CHECK_THROWS_WITH_AS(make_searcher(large),
                       "sobol: the space has 3670 parameters, and the sequence 3667 axes; use "
                       "random",
                       std::invalid_argument);
}
