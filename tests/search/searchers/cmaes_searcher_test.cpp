#include "base/json.hpp"
#include "search/cmaes_searcher_kit.hpp"
#include "search/searchers/cmaes_searcher.hpp"

#include <troupe/random.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <stdexcept>

using namespace troupe;
namespace json = boost::json;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

search_space mixed() {
  return search_space{}
      .add("lr", loguniform{1e-5, 1e-1})
      .add("act", choice{{"relu", "tanh", "gelu"}})
      .add("deep/n", randint{-3, 20})
      .add("deep/list/0", uniform{-1, 1})
      .add("one", randint{3, 4})
      .add("fixed", constant{7});
}

std::string text(searcher& searcher, trial_number n) {
  return to_text(suggested(searcher, n));
}

bool lies_inside(const config& c) {
  const auto n = param<std::int64_t>(c, "deep/n");
  const auto lr = param<double>(c, "lr");
  const auto x = param<double>(c, "deep/list/0");
  const auto act = param<std::string>(c, "act");
  return c.size() == 5 && lr >= 1e-5 && lr < 1e-1 && n >= -3 && n < 20 && x >= -1 && x < 1 &&
         (act == "relu" || act == "tanh" || act == "gelu") && param<int>(c, "one") == 3 &&
         param<int>(c, "fixed") == 7;
}

/// Values that are hard to take, and a few ordinary ones.
std::optional<double> nasty_value(random_stream& random) {
  switch (random.below(8)) {
  case 0:
    return std::nullopt;
  case 1:
    return not_a_number;
  case 2:
    return infinity;
  case 3:
    return -infinity;
  case 4:
    return 0.0;
  case 5:
    return std::numeric_limits<double>::max();
  default:
    return random.uniform();
  }
}

const json::object variants[] = {
    {},
    {{"use_separable_cma", true}},
    {{"with_margin", true}},
    {{"lr_adapt", true}},
    {{"popsize", 2}, {"sigma0", 1e3}, {"n_startup_trials", 0}},
    {{"popsize", 40}, {"sigma0", 1e-12}},
};

} // namespace

TEST_CASE("cmaes suggests random draws until its start-up trials have ended with a value") {
  const auto s = study_with(mixed(), {{"n_startup_trials", 2}});
  const auto searcher = make_searcher(s);
  const auto is_random = [&](trial_number n) {
    return text(*searcher, n) == to_text(sample(s.space, 5, n));
  };
  CHECK(is_random(0));
  CHECK(is_random(1));
  searcher->complete(0, 0.5);
  CHECK(is_random(2));
  searcher->complete(1, std::nullopt);
  searcher->complete(2, not_a_number);
  CHECK(is_random(3));
  searcher->complete(3, 0.25);
  CHECK_FALSE(is_random(4));
}

TEST_CASE("what cmaes cannot search is drawn at random, independently") {
  const auto s = study_with(mixed(), {{"n_startup_trials", 0}});
  const auto searcher = make_searcher(s);
  for (trial_number n = 0; n < 50; ++n) {
    CHECK(param<std::string>(suggested(*searcher, n), "act") ==
          param<std::string>(sample(s.space, 5, n), "act"));
    searcher->complete(n, 1.0 / (n + 1));
  }
  const auto nothing = study_with(search_space{}.add("act", choice{{"a", "b"}}));
  const auto idle = make_searcher(nothing);
  for (trial_number n = 0; n < 50; ++n) {
    CHECK(text(*idle, n) == to_text(sample(nothing.space, 5, n)));
    idle->complete(n, 0.5);
  }
}

TEST_CASE("whatever happens, cmaes suggests what the space has, and the same after the same") {
  for (const auto& options : variants) {
    CAPTURE(to_text(options));
    const auto s = study_with(mixed(), options);
    const auto one = make_searcher(s);
    const auto other = make_searcher(s);
    auto random = random_stream{1, 0, "test"};
    std::vector<trial_number> running;
    for (trial_number n = 0; n < 600; ++n) {
      const auto c = suggested(*one, n);
      REQUIRE_MESSAGE(lies_inside(c), to_text(c));
      REQUIRE(to_text(c) == text(*other, n));
      running.push_back(n);
      for (auto ending = random.below(3); ending > 0 && !running.empty(); --ending) {
        const auto i = static_cast<std::ptrdiff_t>(random.below(running.size()));
        const auto value = nasty_value(random);
        for (auto* searcher : {one.get(), other.get()}) {
          searcher->observe(running[static_cast<std::size_t>(i)], 1, not_a_number);
          searcher->complete(running[static_cast<std::size_t>(i)], value);
        }
        running.erase(running.begin() + i);
      }
    }
  }
}

TEST_CASE("a flat metric does not stop cmaes from searching, however long it goes on") {
  for (const auto& options : variants) {
    CAPTURE(to_text(options));
    const auto searcher = make_searcher(study_with(mixed(), options));
    std::set<std::int64_t> late;
    for (trial_number n = 0; n < 6000; ++n) {
      const auto c = suggested(*searcher, n);
      REQUIRE_MESSAGE(lies_inside(c), to_text(c));
      searcher->complete(n, 1);
      if (n >= 4000) late.insert(param<std::int64_t>(c, "deep/n"));
    }
    CHECK(late.size() > 5);
  }
}

TEST_CASE("to maximise is to minimise the opposite") {
  auto s = study_with(cube(3, 0, 1));
  const auto down = make_searcher(s);
  s.mode = direction::max;
  const auto up = make_searcher(s);
  for (trial_number n = 0; n < 60; ++n) {
    const auto c = suggested(*down, n);
    CHECK(to_text(c) == text(*up, n));
    down->complete(n, sphere(position(c)));
    up->complete(n, -sphere(position(c)));
  }
}

TEST_CASE("the order in which a generation's results come does not matter") {
  const auto s = study_with(cube(2, 0, 1), {{"n_startup_trials", 0}, {"popsize", 4}});
  const auto forth = make_searcher(s);
  const auto back = make_searcher(s);
  for (trial_number n = 0; n < 4; ++n)
    CHECK(text(*forth, n) == text(*back, n));
  for (trial_number n = 0; n < 4; ++n) {
    forth->complete(n, n < 2 ? 1 : 2);
    back->complete(3 - n, 3 - n < 2 ? 1 : 2);
  }
  CHECK(text(*forth, 4) == text(*back, 4));
}

TEST_CASE("results of a generation that has passed count in the next one") {
  const auto s = study_with(cube(2, 0, 1), {{"n_startup_trials", 0}, {"popsize", 4}});
  const auto all = make_searcher(s);
  const auto fewer = make_searcher(s);
  const auto failed = make_searcher(s);
  for (auto* searcher : {all.get(), fewer.get(), failed.get()}) {
    for (trial_number n = 0; n < 8; ++n)
      searcher->suggest(n);
    for (trial_number n = 0; n < 4; ++n)
      searcher->complete(n, n);
  }
  for (trial_number n = 4; n < 8; ++n) {
    all->complete(n, n);
    if (n != 7) fewer->complete(n, n);
    failed->complete(n, n == 7 ? std::nullopt : std::optional{1.0 * n});
  }
  CHECK(text(*all, 8) != text(*fewer, 8));    // the fourth late result has completed a generation,
  CHECK(text(*failed, 8) == text(*fewer, 8)); // and a failure is no result
}

TEST_CASE("results of trials that cmaes did not draw, or a second result of one, change nothing") {
  const auto s = study_with(cube(2, 0, 1), {{"popsize", 4}});
  const auto clean = make_searcher(s);
  const auto noisy = make_searcher(s);
  for (trial_number n = 0; n < 40; ++n) {
    CHECK(text(*clean, n) == text(*noisy, n));
    clean->complete(n, n % 3);
    noisy->complete(n, n % 3);
    noisy->complete(n, 5);
    noisy->complete(1000 + n, 5);
  }
}

TEST_CASE("cmaes starts where the best source trials are") {
  const auto space = search_space{}.add("x/0", uniform{0, 10}).add("n", randint{0, 101});
  json::array source;
  for (int i = 0; i < 40; ++i)
    source.push_back({{"params", {{"x", {8 + 0.1 * (i % 4)}}, {"n", i < 8 ? 20 : 90}}},
                      {"value", i < 8 ? 0.1 : 1}});
  source.push_back({{"params", {{"x", {11}}, {"n", 20}}}, {"value", 0}});  // outside of the space
  source.push_back({{"params", {{"x", {"a"}}, {"n", 20}}}, {"value", 0}}); // no number
  source.push_back({{"params", {{"n", 20}}}, {"value", 0}});               // not all parameters
  const auto searcher =
      make_searcher(study_with(space, {{"n_startup_trials", 0}, {"source_trials", source}}));
  double x = 0;
  double n = 0;
  for (trial_number trial = 0; trial < 200; ++trial) {
    const auto c = suggested(*searcher, trial);
    x += param<double>(c, "x/0") / 200;
    n += param<double>(c, "n") / 200;
  }
  CHECK(x == doctest::Approx(8.15).epsilon(0.05));
  CHECK(n == doctest::Approx(20).epsilon(0.1));
}

TEST_CASE("source trials that do not fit are refused") {
  const json::array source = {{{"params", {{"y", 1}}}, {"value", 0}}};
  CHECK_THROWS_WITH_AS(make_searcher(study_with(cube(1, 0, 1), {{"source_trials", source}})),
                       "cmaes: 0 of 1 source_trials fit the space: a warm start from the best 0.1 "
                       "of 0 points has nothing to start from: give at least 10 points",
                       std::invalid_argument);
}
