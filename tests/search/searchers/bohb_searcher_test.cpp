#include "base/json.hpp"
#include "search/searchers/bohb_density.hpp"

#include <troupe/searcher.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

using namespace troupe;

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

study line(boost::json::object options = {}) {
  study s;
  s.metric = "loss";
  s.searcher = {"bohb", std::move(options)};
  s.seed = 3;
  s.space.add("x", uniform{0, 1});
  return s;
}

double x_of(const config& c) {
  return param<double>(c, "x");
}

config suggested(searcher& searcher, trial_number n) {
  return std::get<config>(searcher.suggest(n));
}

/// Returns how far, on average, suggestions [first, first + 60) are from `best`; nothing is told.
double distance(searcher& searcher, trial_number first, double best) {
  double sum = 0;
  for (trial_number n = first; n < first + 60; ++n)
    sum += std::abs(x_of(suggested(searcher, n)) - best);
  return sum / 60;
}

double normal(double z, double h) {
  return std::exp(-0.5 * z * z / (h * h)) / (h * std::sqrt(2 * std::numbers::pi));
}

} // namespace

TEST_CASE("the density is a product of normal and Aitchison-Aitken kernels") {
  const auto density = bohb_density{{{0.2, 0}, {0.4, 2}, {0.6, 0}}, {0, 4}, 1e-3};
  const double shrink = std::pow(3, -1.0 / 6);
  const double h = 1.06 * std::sqrt(0.08 / 3) * shrink;
  REQUIRE(density.bandwidths().size() == 2);
  CHECK(density.bandwidths()[0] == doctest::Approx(h).epsilon(1e-12));
  CHECK(density.bandwidths()[1] == 0.5); // two choices occur: as wide as is possible
  CHECK(density.at({0.3, 0}) ==
        doctest::Approx((0.5 * normal(0.1, h) + 0.5 * normal(0.1, h) + 0.5 * normal(0.3, h)) / 3)
            .epsilon(1e-12));

  const auto choices = bohb_density{{{0}, {0}, {0}, {0}, {0}, {0}, {0}, {0}, {0}, {1}}, {3}, 1e-3};
  const double k = 1.06 * 0.3 * std::pow(10, -0.2);
  CHECK(choices.bandwidths()[0] == doctest::Approx(k).epsilon(1e-12));
  CHECK(choices.at({0}) == doctest::Approx((9 * (1 - k) + k) / 10).epsilon(1e-12));
  CHECK(choices.at({2}) == doctest::Approx(k).epsilon(1e-12));
}

TEST_CASE("equal rows have the least bandwidth, and make a choice that never occurs infinite") {
  const auto density = bohb_density{{{0.5, 1}, {0.5, 1}}, {0, 2}, 0.01};
  CHECK(density.bandwidths() == std::vector<double>{0.01, 0.01});
  CHECK(density.at({0.5, 1}) == doctest::Approx(normal(0, 0.01) * 0.99));
  CHECK(density.at({0.5, 0}) == std::numeric_limits<double>::infinity());
}

TEST_CASE("draws stay in the range, near the rows, and reach all choices") {
  const auto density = bohb_density{{{0.0, 0}, {0.05, 0}, {0.1, 1}}, {0, 3}, 1e-3};
  auto random = random_stream{1, 2, "test"};
  std::set<double> choices;
  double sum = 0;
  for (int i = 0; i < 2000; ++i) {
    const auto x = density.draw(random, 3);
    CHECK((x[0] >= 0 && x[0] <= 1));
    choices.insert(x[1]);
    sum += x[0];
  }
  CHECK(choices == std::set<double>{0, 1, 2});
  CHECK(sum / 2000 < 0.2);
  CHECK(sum / 2000 > 0.05);
}

TEST_CASE("what a configuration lacks comes from a row that has it, else from anywhere") {
  auto random = random_stream{1, 2, "test"};
  std::set<double> first, third;
  for (int i = 0; i < 50; ++i) {
    std::vector<std::vector<double>> rows{
        {none, none, none, 7}, {0.25, 3, none, 7}, {0.75, 5, none, 7}};
    impute(rows, {0, 9, 2, 0}, random);
    CHECK(((rows[0][0] == 0.25 && rows[0][1] == 3) || (rows[0][0] == 0.75 && rows[0][1] == 5)));
    CHECK(rows[1][0] == 0.25);
    CHECK(rows[2][1] == 5);
    first.insert(rows[0][0]);
    third.insert(rows[1][2]);
  }
  CHECK(first == std::set{0.25, 0.75});
  CHECK(third == std::set{0.0, 1.0});
}

TEST_CASE("bohb draws at random until a budget has results enough for both densities") {
  const auto s = line({{"random_fraction", 0}});
  const auto bohb = make_searcher(s);
  // With one parameter two good ones and two others.
  for (trial_number n = 0; n < 4; ++n) {
    const auto c = suggested(*bohb, n);
    CHECK(to_text(c) == to_text(sample(s.space, 3, n)));
    bohb->observe(n, 1, x_of(c));
  }
  CHECK(to_text(suggested(*bohb, 4)) != to_text(sample(s.space, 3, 4)));
}

TEST_CASE("bohb learns where the metric is good, whichever way it gets better") {
  for (const auto mode : {direction::min, direction::max}) {
    auto s = line({{"random_fraction", 0}});
    s.mode = mode;
    const double sign = mode == direction::min ? 1 : -1;
    const auto bohb = make_searcher(s);
    for (trial_number n = 0; n < 40; ++n) {
      const double loss = sign * std::abs(x_of(suggested(*bohb, n)) - 0.7);
      bohb->observe(n, 1, loss);
      bohb->complete(n, loss);
    }
    CHECK(distance(*bohb, 40, 0.7) < 0.1);
  }
}

TEST_CASE("a share of bohb's suggestions are the random searcher's") {
  const auto s = line();
  const auto bohb = make_searcher(s);
  for (trial_number n = 0; n < 20; ++n)
    bohb->observe(n, 1, x_of(suggested(*bohb, n)));
  int random = 0;
  for (trial_number n = 20; n < 320; ++n)
    random += to_text(suggested(*bohb, n)) == to_text(sample(s.space, 3, n));
  CHECK((random > 75 && random < 125));
}

TEST_CASE("the largest budget with enough results has the model, and smaller ones are ignored") {
  const auto bohb = make_searcher(line({{"random_fraction", 0}}));
  // At iteration 1 small x seems good; at 3 it is large x.
  for (trial_number n = 0; n < 30; ++n) {
    bohb->adopt(n, {{"x", n / 30.0}});
    bohb->observe(n, 1, n / 30.0);
  }
  CHECK(distance(*bohb, 30, 0.0) < 0.15);
  std::vector<std::pair<trial_number, double>> all;
  for (trial_number n = 100; n < 130; ++n) {
    const double x = (n - 99.5) / 30;
    bohb->adopt(n, {{"x", x}});
    all.emplace_back(n, x);
  }
  for (trial_number n = 0; n < 3; ++n) // one short of a model
    bohb->observe(all[n * 10].first, 3, -all[n * 10].second);
  CHECK(distance(*bohb, 200, 0.0) < 0.15);
  for (const auto& [n, x] : all)
    bohb->observe(n, 3, -x);
  CHECK(distance(*bohb, 300, 1.0) < 0.15);
  for (const auto& [n, x] : all)
    bohb->observe(n, 2, x);
  CHECK(distance(*bohb, 400, 1.0) < 0.15);
}

TEST_CASE("failed trials and values that are not finite are the worst of a budget") {
  // Small x never comes to a finite value.
  const double inf = std::numeric_limits<double>::infinity();
  for (int how = 0; how < 4; ++how) {
    const auto bohb = make_searcher(line({{"random_fraction", 0}}));
    for (trial_number n = 0; n < 60; ++n) {
      const double x = x_of(suggested(*bohb, n));
      if (x >= 0.5)
        bohb->observe(n, 1, 1.0);
      else if (how == 0)
        bohb->complete(n, std::nullopt);
      else
        bohb->observe(n, 1, how == 1 ? none : how == 2 ? inf : -inf);
    }
    int small = 0;
    for (trial_number n = 60; n < 160; ++n)
      small += x_of(suggested(*bohb, n)) < 0.5;
    CHECK(small < 25);
  }
}

TEST_CASE("failures alone make no model") {
  const auto s = line({{"random_fraction", 0}});
  const auto bohb = make_searcher(s);
  for (trial_number n = 0; n < 20; ++n) {
    suggested(*bohb, n);
    bohb->complete(n, std::nullopt);
  }
  CHECK(to_text(suggested(*bohb, 20)) == to_text(sample(s.space, 3, 20)));
}

TEST_CASE("an end without a report is a result at iteration 1; stopped without one it is none") {
  const auto s = line({{"random_fraction", 0}});
  const auto told = make_searcher(s);
  const auto untold = make_searcher(s);
  for (trial_number n = 0; n < 8; ++n) {
    told->complete(n, x_of(suggested(*told, n)));
    suggested(*untold, n);
    untold->stopped(n, std::nullopt);
  }
  CHECK(to_text(suggested(*told, 8)) != to_text(sample(s.space, 3, 8)));
  CHECK(to_text(suggested(*untold, 8)) == to_text(sample(s.space, 3, 8)));
}

TEST_CASE("bohb deals with choices, integers and parameters that some configurations lack") {
  study s;
  s.metric = "loss";
  s.searcher = {"bohb", {}};
  s.space.add("kind", choice{{"a", "b", "c"}})
      .add("n", randint{1, 33})
      .add("depth", uniform{0, 1}, {{"kind", {"b"}}})
      .add("lr", loguniform{1e-5, 1});
  const auto loss_of = [](const config& c) {
    const bool is_b = param<std::string>(c, "kind") == "b";
    return std::abs(std::log10(param<double>(c, "lr")) + 3) +
           std::abs(param<double>(c, "n") - 20) / 10 +
           (is_b ? std::abs(param<double>(c, "depth") - 0.5) : 1.0);
  };
  const auto bohb = make_searcher(s);
  double at_first = 0, at_last = 0;
  for (trial_number n = 0; n < 150; ++n) {
    const auto c = suggested(*bohb, n);
    for (const auto& e : s.space.entries())
      if (const auto* v = find(c, e.path)) CHECK(contains(e.domain, *v));
    CHECK(c.contains("depth") == (c.at("kind") == "b"));
    const double loss = loss_of(c);
    bohb->observe(n, 1, loss);
    bohb->complete(n, loss);
    if (n < 30) at_first += loss / 30;
    if (n >= 90) at_last += loss / 60;
  }
  CHECK(at_last < 0.7 * at_first);
}

TEST_CASE("bohb refuses options that it cannot work with") {
  const auto make = [](boost::json::object options) { make_searcher(line(std::move(options))); };
  CHECK_NOTHROW(make({{"min_points_in_model", nullptr}}));
  CHECK_THROWS_WITH_AS(
      make({{"min_points_in_model", 0}}),
      "bohb: min_points_in_model: must be null or a whole number of at least 1; found 0",
      std::invalid_argument);
  CHECK_THROWS_WITH_AS(make({{"top_n_percent", 100}}),
                       "bohb: top_n_percent: must be a whole number from 1 to 99; found 100",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(make({{"num_samples", 0}}), doctest::Contains("num_samples"),
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(make({{"random_fraction", 1.5}}), doctest::Contains("from 0 to 1"),
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(make({{"bandwidth_factor", 0}}),
                       "bohb: bandwidth_factor: must be a number of at least 1e-09; found 0",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(make({{"max_budget", 81}}), doctest::Contains("max_budget: unknown key"),
                       std::invalid_argument);
}
