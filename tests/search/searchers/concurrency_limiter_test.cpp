#include "base/json.hpp"

#include <troupe/searcher.hpp>

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <utility>

using namespace troupe;

namespace {

study limited(boost::json::object inner, std::uint32_t most, bool batch = false) {
  study s;
  s.metric = "loss";
  s.seed = 4;
  s.searcher = {"concurrency_limiter",
                {{"searcher", std::move(inner)}, {"max_concurrent", most}, {"batch", batch}}};
  s.space.add("x", uniform{0, 1}).add("n", randint{0, 3});
  return s;
}

study without_limit(study s) {
  const auto inner = s.searcher.options.at("searcher").as_object();
  s.searcher = {std::string{inner.at("name").as_string()}, inner};
  s.searcher.options.erase("name");
  return s;
}

bool waits(searcher& searcher, trial_number n) {
  return std::holds_alternative<not_now>(searcher.suggest(n));
}

std::string suggested(searcher& searcher, trial_number n) {
  return to_text(std::get<config>(searcher.suggest(n)));
}

} // namespace

TEST_CASE("no more suggestions than allowed have not ended, however they end") {
  const auto s = limited({{"name", "random"}}, 2);
  const auto searcher = make_searcher(s);
  CHECK(suggested(*searcher, 0) == to_text(sample(s.space, 4, 0)));
  CHECK(suggested(*searcher, 1) == to_text(sample(s.space, 4, 1)));
  CHECK(waits(*searcher, 2));
  searcher->observe(0, 1, 0.5);
  CHECK(waits(*searcher, 2));
  searcher->complete(1, 0.5);
  CHECK(suggested(*searcher, 2) == to_text(sample(s.space, 4, 2)));
  CHECK(waits(*searcher, 3));
  searcher->stopped(0, 0.5);
  CHECK_FALSE(waits(*searcher, 3));
  searcher->complete(2, std::nullopt);
  searcher->complete(2, std::nullopt); // ended already
  searcher->complete(99, 0.5);         // nobody knows it
  CHECK_FALSE(waits(*searcher, 4));
  CHECK(waits(*searcher, 5));
  searcher->complete(3, 0.5);
  searcher->adopt(7, {{"x", 0.5}, {"n", 1}});
  CHECK(waits(*searcher, 8));
  searcher->complete(7, 0.5);
  CHECK_FALSE(waits(*searcher, 8));
}

TEST_CASE("the wrapped searcher hears all that it would hear without a limit") {
  const auto s = limited({{"name", "tpe"}, {"n_startup_trials", 3}, {"multivariate", false}}, 2);
  const auto wrapped = make_searcher(s);
  const auto bare = make_searcher(without_limit(s));
  for (trial_number n = 0; n < 40; ++n) {
    const auto c = std::get<config>(wrapped->suggest(n));
    REQUIRE(to_text(c) == suggested(*bare, n));
    const double x = param<double>(c, "x");
    for (auto* each : {wrapped.get(), bare.get()}) {
      each->observe(n, 1, x);
      if (n % 3 == 0)
        each->stopped(n, x);
      else if (n % 7 == 0)
        each->complete(n, std::nullopt);
      else
        each->complete(n, x);
    }
  }
}

TEST_CASE("in batches nothing is suggested, and nothing told, before all of a batch have ended") {
  const auto s = limited({{"name", "nsga2"}, {"population_size", 2}}, 3, true);
  const auto searcher = make_searcher(s);
  for (trial_number n = 0; n < 3; ++n)
    suggested(*searcher, n);
  searcher->complete(2, 0.5);
  CHECK(waits(*searcher, 3));
  searcher->stopped(0, 0.5);
  CHECK(waits(*searcher, 3));
  searcher->complete(1, std::nullopt);
  const auto bare = make_searcher(without_limit(s));
  for (trial_number n = 0; n < 3; ++n)
    suggested(*bare, n);
  bare->complete(2, 0.5);
  bare->stopped(0, 0.5);
  bare->complete(1, std::nullopt);
  CHECK(suggested(*searcher, 3) == suggested(*bare, 3));
}

TEST_CASE("a batch that the wrapped searcher cannot fill is told early") {
  // The inner limit has one place, so a batch of three is never full.
  const auto searcher = make_searcher(limited(
      {{"name", "concurrency_limiter"}, {"searcher", {{"name", "random"}}}, {"max_concurrent", 1}},
      3, true));
  for (trial_number n = 0; n < 5; ++n) {
    REQUIRE_FALSE(waits(*searcher, n));
    CHECK(waits(*searcher, n + 1));
    searcher->complete(n, 0.5);
  }
}

TEST_CASE("exhausted is passed on") {
  auto s = limited({{"name", "grid"}}, 2, true);
  s.space = search_space{}.add("n", randint{0, 3});
  const auto searcher = make_searcher(s);
  for (trial_number n = 0; n < 3; ++n) {
    REQUIRE(std::holds_alternative<config>(searcher->suggest(n)));
    if (n == 1) CHECK(waits(*searcher, 2));
    if (n > 0) searcher->complete(n, 0.5);
    if (n == 1) searcher->complete(0, 0.5);
  }
  CHECK(std::holds_alternative<exhausted>(searcher->suggest(3)));
}

TEST_CASE("a limit without a searcher, or a number, is refused") {
  study s;
  s.metric = "loss";
  s.searcher = {"concurrency_limiter", {{"max_concurrent", 2}}};
  CHECK_THROWS_WITH_AS(make_searcher(s),
                       doctest::Contains("searcher: is missing; it says which searcher to wrap"),
                       std::invalid_argument);
  s.searcher.options = {{"searcher", {{"name", "random"}}}};
  CHECK_THROWS_WITH_AS(
      make_searcher(s),
      "concurrency_limiter: max_concurrent: is missing; it says how many trials at once",
      std::invalid_argument);
  s.searcher.options = {{"searcher", {{"name", "randm"}}}, {"max_concurrent", 2}};
  CHECK_THROWS_WITH_AS(make_searcher(s), doctest::Contains("unknown searcher \"randm\""),
                       std::invalid_argument);
}
