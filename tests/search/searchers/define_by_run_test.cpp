#include "base/json.hpp"

#include <troupe/define_by_run.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <string>

using namespace troupe;
namespace json = boost::json;

namespace {

study searched_by(const std::string& name, json::object options = {}) {
  study s;
  s.metric = "loss";
  s.searcher = {name, std::move(options)};
  s.seed = 3;
  return s;
}

/// Momentum is there only for sgd.
void define(suggester& trial) {
  trial.suggest_float("lr", 1e-4, 1, {.log = true});
  if (trial.suggest_choice("optimizer/name", {"sgd", "adam"}) == "sgd")
    trial.suggest_float("optimizer/momentum", 0, 1);
  trial.suggest_int("layers", 1, 5);
}

double loss_of(const config& c) {
  const double lr = std::abs(std::log10(param<double>(c, "lr")) + 2);
  const auto* momentum = find(c, "optimizer/momentum");
  return lr + (momentum ? std::abs(momentum->to_number<double>() - 0.9) : 1);
}

config suggested(searcher& s, trial_number n) {
  auto found = s.suggest(n);
  REQUIRE(std::holds_alternative<config>(found));
  return std::get<config>(std::move(found));
}

} // namespace

TEST_CASE("the space is what the function asks for") {
  const auto s = define_by_run(searched_by("random"), define);
  bool with = false;
  bool without = false;
  for (trial_number n = 0; n < 50; ++n) {
    const auto c = suggested(*s, n);
    const bool is_sgd = param<std::string>(c, "optimizer/name") == "sgd";
    CHECK((find(c, "optimizer/momentum") != nullptr) == is_sgd);
    CHECK(contains(int_range{1, 5}, *find(c, "layers")));
    (is_sgd ? with : without) = true;
    s->complete(n, 1);
  }
  CHECK(with);
  CHECK(without);
}

TEST_CASE("searchers learn parameters as they are asked for") {
  for (const auto* name : {"tpe", "nsga2", "cmaes"}) {
    CAPTURE(name);
    const auto learns = define_by_run(searched_by(name), define);
    const auto draws = define_by_run(searched_by("random"), define);
    double learned = 0;
    double drawn = 0;
    for (trial_number n = 0; n < 150; ++n) {
      const auto c = suggested(*learns, n);
      learns->observe(n, 1, loss_of(c));
      learns->complete(n, loss_of(c));
      const auto other = suggested(*draws, n);
      draws->complete(n, loss_of(other));
      if (n < 100) continue;
      learned += loss_of(c);
      drawn += loss_of(other);
    }
    CHECK(learned < 0.75 * drawn);
  }
}

TEST_CASE("what is rebuilt from its suggestions goes on the same way") {
  const auto live = define_by_run(searched_by("tpe", {{"n_startup_trials", 4}}), define);
  const auto rebuilt = define_by_run(searched_by("tpe", {{"n_startup_trials", 4}}), define);
  for (trial_number n = 0; n < 40; ++n) {
    const auto c = suggested(*live, n);
    live->complete(n, loss_of(c));
    rebuilt->recall(n, c);
    rebuilt->complete(n, loss_of(c));
  }
  for (trial_number n = 40; n < 60; ++n)
    CHECK(suggested(*live, n) == suggested(*rebuilt, n));
}

TEST_CASE("a name asked for twice has one value, and one law") {
  const auto twice = define_by_run(searched_by("random"), [](suggester& trial) {
    CHECK(trial.suggest_float("x", 0, 1) == trial.suggest_float("x", 0, 1));
  });
  suggested(*twice, 0);
  int calls = 0;
  const auto changing = define_by_run(searched_by("random"), [&](suggester& trial) {
    trial.suggest_float("x", 0, ++calls == 1 ? 1 : 1e-9);
    if (calls > 1) trial.suggest_int("x", 0, 1);
  });
  suggested(*changing, 0);
  const auto other = define_by_run(searched_by("random"), [n = 0](suggester& trial) mutable {
    if (n++ == 0)
      trial.suggest_float("x", 0, 1);
    else
      trial.suggest_int("x", 5, 9);
  });
  suggested(*other, 0);
  CHECK_THROWS_WITH_AS(other->suggest(1),
                       "parameter \"x\" has another law than before; give it another name",
                       std::invalid_argument);
}

TEST_CASE("laws that give nothing are refused by name") {
  const auto s = define_by_run(searched_by("random"),
                               [](suggester& trial) { trial.suggest_float("lr", 2, 1); });
  try {
    s->suggest(0);
    FAIL("nothing can be drawn");
  } catch (const std::invalid_argument& e) {
    CHECK(std::string{e.what()}.starts_with("parameter \"lr\": "));
  }
  CHECK_THROWS_AS(define_by_run(searched_by("grid"), define), std::invalid_argument);
}
