#include "base/json.hpp"
#include "search/searchers/gp/options.hpp"

#include <troupe/searcher.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>
#include <string>

using namespace troupe;
namespace json = boost::json;

namespace {

/// A space with a choice, a grid, a condition and a constant.
study example(json::object options = {}) {
  study s;
  s.metric = "loss";
  s.seed = 5;
  s.searcher = {"gp", std::move(options)};
  s.space.add("lr", loguniform{1e-5, 1});
  s.space.add("width", randint{1, 65});
  s.space.add("kind", choice{{"a", "b", "c"}});
  s.space.add("momentum", uniform{0, 1}, {{"kind", {"b"}}});
  s.space.add("fixed", constant{3});
  return s;
}

config suggested(searcher& s, trial_number n) {
  return std::get<config>(s.suggest(n));
}

double loss_of(const config& c) {
  return std::pow(std::log10(as_number(c.at("lr"))) + 3, 2) +
         std::pow(as_number(c.at("width")) / 16 - 1, 2) + (c.at("kind") == "b" ? 0 : 1);
}

/// Runs `count` trials, `workers` at once, oldest first, some with an end of another kind; returns
/// what was suggested.
std::vector<config> run(searcher& s, trial_number count, trial_number workers = 1) {
  std::vector<config> all;
  const auto end = [&](trial_number n) {
    const double loss = loss_of(all[n]);
    s.observe(n, 1, loss);
    if (n % 7 == 3)
      s.complete(n, std::nullopt);
    else if (n % 7 == 5)
      s.stopped(n, outcome{loss});
    else
      s.complete(n, outcome{n % 7 == 6 ? std::nan("") : loss});
  };
  for (trial_number n = 0; n < count; ++n) {
    if (n >= workers) end(n - workers);
    all.push_back(suggested(s, n));
  }
  return all;
}

} // namespace

TEST_CASE("gp finds a good configuration of a mixed space with conditions") {
  const auto s = make_searcher(example());
  const auto all = run(*s, 50);
  double best = 100;
  for (const auto& c : all) {
    best = std::min(best, loss_of(c));
    CHECK(c.contains("momentum") == (c.at("kind") == "b"));
    CHECK(c.at("fixed") == 3);
    CHECK(as_number(c.at("width")) == std::floor(as_number(c.at("width"))));
  }
  CHECK(best < 0.1);
}

TEST_CASE("gp repeats itself, whatever the number of workers") {
  for (const trial_number workers : {1u, 4u}) {
    const auto first = make_searcher(example());
    const auto second = make_searcher(example());
    CHECK(run(*first, 30, workers) == run(*second, 30, workers));
  }
}

TEST_CASE("gp draws its first trials as the random searcher does") {
  auto random = example();
  random.searcher = {"random", {}};
  const auto expected = make_searcher(random);
  const auto s = make_searcher(example({{"n_startup_trials", 4}}));
  trial_number n = 0;
  for (; n < 4; ++n) {
    const auto c = suggested(*s, n);
    CHECK(c == suggested(*expected, n));
    s->complete(n, loss_of(c));
  }
  CHECK(suggested(*s, n) != suggested(*expected, n));
}

TEST_CASE("stopped, failed and diverged trials do not count for gp") {
  auto random = example();
  random.searcher = {"random", {}};
  const auto expected = make_searcher(random);
  const auto s = make_searcher(example({{"n_startup_trials", 1}}));
  for (trial_number n = 0; n < 6; ++n) {
    CHECK(suggested(*s, n) == suggested(*expected, n));
    if (n % 3 == 0) s->stopped(n, outcome{1.0});
    if (n % 3 == 1) s->complete(n, std::nullopt);
    if (n % 3 == 2) s->complete(n, outcome{std::nan("")});
  }
}

TEST_CASE("gp learns from points to evaluate and from adopted trials") {
  auto given = example({{"n_startup_trials", 1}});
  given.points_to_evaluate = {config{{"lr", 0.01}, {"width", 7}, {"kind", "a"}}};
  const auto s = make_searcher(given);
  CHECK(as_number(suggested(*s, 0).at("width")) == 7);
  s->complete(0, 1.0);

  const auto adopting = make_searcher(example({{"n_startup_trials", 1}}));
  adopting->adopt(0, {{"lr", 0.01}, {"width", 7}, {"kind", "a"}, {"fixed", 3}});
  adopting->complete(0, 1.0);
  CHECK(suggested(*s, 1) == suggested(*adopting, 1));
}

TEST_CASE("gp maximises if the study says so") {
  auto s = example();
  s.mode = direction::max;
  const auto up = make_searcher(s);
  const auto down = make_searcher(example());
  for (trial_number n = 0; n < 10; ++n) {
    const double loss = loss_of(suggested(*up, n));
    suggested(*down, n);
    up->complete(n, -loss);
    down->complete(n, loss);
  }
  CHECK(suggested(*up, 10) == suggested(*down, 10));
}

TEST_CASE("gp knows constraints") {
  auto s = example();
  s.constraints = {"size"};
  const auto searcher = make_searcher(s);
  trial_number inside = 0;
  for (trial_number n = 0; n < 40; ++n) {
    const auto c = suggested(*searcher, n);
    const double size = as_number(c.at("width")) - 10;
    if (n >= 30) inside += size <= 0 ? 1 : 0;
    searcher->complete(n, outcome{{loss_of(c)}, {size}});
  }
  CHECK(inside >= 8);
}

TEST_CASE("a space that gp cannot see is drawn at random") {
  study s;
  s.metric = "loss";
  s.searcher = {"gp", {}};
  s.space.add("x", constant{1});
  const auto searcher = make_searcher(s);
  for (trial_number n = 0; n < 15; ++n) {
    CHECK(suggested(*searcher, n) == config{{"x", 1}});
    searcher->complete(n, 1.0);
  }
}

TEST_CASE("gp refuses what it cannot do") {
  const auto refused = [](const study& s) {
    try {
      make_searcher(s);
      return std::string{};
    } catch (const std::invalid_argument& e) {
      return std::string{e.what()};
    }
  };
  CHECK(refused(example({{"deterministic_objective", true}})).empty());
  CHECK(refused(example({{"n_startup_trials", -1}})).starts_with("gp: n_startup_trials: must"));
  CHECK(refused(example({{"startup", 1}})).starts_with("gp: "));
  auto several = example();
  several.further_objectives = {{"size", direction::min}};
  CHECK(refused(several) == "gp: it has one objective, and the study 2; use tpe or random");
  study large;
  large.metric = "loss";
  large.searcher = {"gp", {}};
  for (int i = 0; i < 3668; ++i)
    large.space.add("x" + std::to_string(i), uniform{0, 1});
  CHECK(refused(large) ==
        "gp: the space has 3668 parameters, at most 3667 can be searched; use random");
}
