#include "study/json.hpp"

#include <troupe/searcher.hpp>

#include <doctest/doctest.h>

#include <limits>
#include <stdexcept>

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
                       doctest::Contains(R"(unknown searcher "annealing"; known are random)"),
                       std::invalid_argument);
  s.searcher = {"random", {{"n_startup_trials", 3}}};
  CHECK_THROWS_WITH_AS(make_searcher(s), R"(searcher random has no option "n_startup_trials")",
                       std::invalid_argument);
}
