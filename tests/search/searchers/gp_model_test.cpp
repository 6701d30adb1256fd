#include "search/searchers/gp/model.hpp"
#include "search/searchers/gp/standardise.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace troupe;
using namespace troupe::gp;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
const std::vector<dimension> plane(2);

random_stream numbers(std::uint64_t n) {
  return {7, n, "test"};
}

/// Returns a model that has seen `count` random points of a bowl about (0.6, 0.3); with `most`,
/// those with x <= most are feasible.
model after_bowl(model::row_number count, std::optional<double> most = {}) {
  model m{plane, {}, 1};
  for (model::row_number n = 0; n < count; ++n) {
    auto random = numbers(n);
    const double x = random.uniform();
    const double y = random.uniform();
    m.start(n, {x, y});
    const auto constraints = most ? std::vector{x - *most, -1.0} : std::vector<double>{};
    m.finish(n, std::pow(x - 0.6, 2) + std::pow(y - 0.3, 2), constraints);
  }
  return m;
}

double distance(const std::vector<double>& a, const std::vector<double>& b) {
  return std::hypot(a[0] - b[0], a[1] - b[1]);
}

std::vector<double> suggested(model& m, std::uint64_t n = 100) {
  auto random = numbers(n);
  return m.suggest(random);
}

} // namespace

TEST_CASE("values are standardised, infinite ones cut") {
  const auto s = standardise(Eigen::Vector4d{1, 3, infinity, -infinity});
  CHECK(s.values.isApprox(Eigen::Vector4d{-1, 1, 1, -1}));
  CHECK(s.mean == 2);
  CHECK(s.deviation == 1);
  CHECK(standardise(Eigen::Vector2d{3, std::nan("")}).values == Eigen::Vector2d::Zero());
  CHECK(standardise(Eigen::Vector2d{infinity, -infinity}).values == Eigen::Vector2d::Zero());
}

TEST_CASE("a model starts when enough trials have ended with a value") {
  model m{plane, {.n_startup_trials = 2}, 1};
  m.start(0, {0.1, 0.2});
  m.start(1, {0.3, 0.4});
  m.start(2, {0.5, 0.6});
  m.finish(0, 1);
  m.drop(1);
  CHECK(m.starting_up());
  m.finish(0, 1); // the same again
  CHECK(m.starting_up());
  m.finish(2, 1);
  CHECK_FALSE(m.starting_up());

  model eager{plane, {.n_startup_trials = 0}, 1};
  CHECK(eager.starting_up());
  eager.start(0, {0.5, 0.5});
  eager.finish(0, 1);
  CHECK_FALSE(eager.starting_up());
  CHECK(suggested(eager).size() == 2);
}

TEST_CASE("the minimum of a bowl is suggested") {
  auto m = after_bowl(20);
  CHECK(distance(suggested(m), {0.6, 0.3}) < 0.05);
}

TEST_CASE("the order in which results come does not matter") {
  auto m = after_bowl(12);
  model backwards{plane, {}, 1};
  for (model::row_number n = 12; n-- > 0;) {
    auto random = numbers(n);
    const double x = random.uniform();
    const double y = random.uniform();
    backwards.start(n, {x, y});
    backwards.finish(n, std::pow(x - 0.6, 2) + std::pow(y - 0.3, 2));
  }
  CHECK(suggested(m) == suggested(backwards));
}

TEST_CASE("a suggestion without news is the same, for the same random numbers") {
  auto m = after_bowl(12);
  const auto first = suggested(m);
  CHECK(suggested(m) == first);
}

TEST_CASE("trials that run keep suggestions away from each other") {
  auto m = after_bowl(15);
  std::vector<std::vector<double>> all;
  for (model::row_number n = 15; n < 20; ++n) {
    const auto x = suggested(m, n);
    for (const auto& other : all)
      CHECK(distance(x, other) > 1e-3);
    all.push_back(x);
    m.start(n, x);
  }
  for (model::row_number n = 15; n < 20; ++n)
    m.drop(n);
  auto fresh = after_bowl(15);
  CHECK(suggested(m) == suggested(fresh)); // they are forgotten
}

TEST_CASE("infinite losses do not stop a model") {
  auto m = after_bowl(15);
  m.start(15, {0.9, 0.9});
  m.finish(15, infinity);
  m.start(16, {0.6, 0.31});
  m.finish(16, -infinity);
  const auto x = suggested(m);
  CHECK(std::all_of(x.begin(), x.end(), [](double v) { return v >= 0 && v <= 1; }));
}

TEST_CASE("equal losses do not stop a model") {
  model m{plane, {}, 1};
  for (model::row_number n = 0; n < 10; ++n) {
    m.start(n, {0.1 * n, 0.5});
    m.finish(n, 3);
  }
  const auto x = suggested(m);
  CHECK(std::all_of(x.begin(), x.end(), [](double v) { return v >= 0 && v <= 1; }));
}

TEST_CASE("trials with values outside of their domain do not count") {
  auto m = after_bowl(12);
  const auto expected = suggested(m);
  m.start(12, {std::nan(""), 0.3});
  m.finish(12, -5);
  CHECK(suggested(m) == expected);
}

TEST_CASE("a constraint keeps suggestions inside, at its border if the minimum is beyond") {
  auto m = after_bowl(30, 0.4);
  for (model::row_number n = 30; n < 36; ++n) {
    const auto x = suggested(m, n);
    CHECK(x[0] < 0.45);
    m.start(n, x);
    m.finish(n, std::pow(x[0] - 0.6, 2) + std::pow(x[1] - 0.3, 2), {x[0] - 0.4, -1});
  }
  const auto x = suggested(m, 36);
  CHECK(x[0] == doctest::Approx(0.4).epsilon(0.1));
  CHECK(x[1] == doctest::Approx(0.3).epsilon(0.3));
}

TEST_CASE("as long as nothing is feasible, what is likely to be so is suggested") {
  auto m = after_bowl(15, 0.02); // none of the trials is at x <= 0.02
  CHECK(suggested(m)[0] < 0.1);
}

TEST_CASE("running trials and constraints go together") {
  auto m = after_bowl(25, 0.4);
  for (model::row_number n = 25; n < 29; ++n) {
    const auto x = suggested(m, n);
    CHECK(x[0] < 0.6);
    m.start(n, x);
  }
}

TEST_CASE("a constraint without a number is violated") {
  auto m = after_bowl(20, 0.4);
  auto other = after_bowl(20, 0.4);
  m.start(20, {0.3, 0.3});
  m.finish(20, -100, {std::nan(""), -1});
  other.start(20, {0.3, 0.3});
  other.finish(20, -100, {infinity, -1});
  CHECK(suggested(m) == suggested(other));
}
