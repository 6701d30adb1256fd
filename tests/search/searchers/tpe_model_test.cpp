#include "search/numbers/normal.hpp"
#include "search/searchers/tpe/model.hpp"
#include "search/space/dimension.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

using namespace troupe;
using namespace troupe::tpe;

namespace {

constexpr double absent = std::numeric_limits<double>::quiet_NaN();
using groups = std::vector<std::vector<std::size_t>>;

groups groups_after(const tpe_options& options, const std::vector<std::vector<double>>& trials) {
  model m{std::vector<dimension>(4), options};
  for (row_number n = 0; n < trials.size(); ++n) {
    m.start(n, trials[n]);
    m.finish(completed(n, 1));
  }
  groups all;
  for (const auto& g : m.groups())
    all.push_back(g.parameters);
  return all;
}

/// Values in no order, with many equals.
double value_of(row_number r) {
  return static_cast<double>(r * 37 % 101) / 101;
}

} // namespace

TEST_CASE("parameters that all ended trials have are drawn jointly") {
  const tpe_options joint;
  CHECK(groups_after(joint, {}) == groups{{0}, {1}, {2}, {3}});
  CHECK(groups_after(joint, {{1, 1, 1, absent}}) == groups{{0, 1, 2}, {3}});
  CHECK(groups_after(joint, {{1, 1, 1, absent}, {1, absent, 1, 1}}) == groups{{0, 2}, {1}, {3}});
  CHECK(groups_after(joint, {{1, 1, absent, absent}, {absent, absent, 1, 1}, {1, 1, 1, 1}}) ==
        groups{{0}, {1}, {2}, {3}});
}

TEST_CASE("with group, parameters that occur together are drawn jointly") {
  tpe_options grouped;
  grouped.group = true;
  CHECK(groups_after(grouped, {{1, 1, absent, absent}, {absent, absent, 1, 1}}) ==
        groups{{0, 1}, {2, 3}});
  CHECK(groups_after(grouped, {{1, 1, 1, absent}, {1, absent, absent, 1}}) ==
        groups{{0}, {1, 2}, {3}});
}

TEST_CASE("without multivariate each parameter is drawn on its own") {
  tpe_options options;
  options.multivariate = false;
  CHECK(groups_after(options, {{1, 1, 1, 1}}) == groups{{0}, {1}, {2}, {3}});
}

TEST_CASE("trials that still run count among the worse ones, unless constant_liar is off") {
  for (const bool liar : {true, false}) {
    tpe_options options;
    options.constant_liar = liar;
    model m{{dimension{}}, options};
    m.start(0, {0.25});
    m.finish(completed(0, 1));
    m.start(1, {0.5});
    m.start(2, {0.75});
    const auto& above = m.groups().front().above;
    CHECK(above.members() == (liar ? std::vector<row_number>{1, 2} : std::vector<row_number>{}));
    m.fail(1);
    CHECK(above.members() == (liar ? std::vector<row_number>{2} : std::vector<row_number>{}));
    m.finish(completed(2, 2));
    CHECK(above.members() == std::vector<row_number>{2});
    CHECK(m.groups().front().below.members() == std::vector<row_number>{0});
  }
}

TEST_CASE("a set of kernels that has been changed often is one that was made at once") {
  const std::vector<dimension> dimensions{{.low = 0, .high = 1},
                                          {.low = 0, .high = 1, .step = 0.01}};
  observations table{dimensions};
  for (row_number r = 0; r < 400; ++r)
    table.set(r, {value_of(r), std::round(100 * value_of(r + 7)) / 100});
  kernel_set changed{table, {0, 1}, {}};
  for (row_number r = 0; r < 400; ++r)
    changed.insert(table, 399 - r);
  changed.compile(table);
  for (row_number r = 0; r < 400; ++r)
    if (r % 4 != 0) changed.erase(table, r); // 100 are left
  for (row_number r = 1; r < 400; r += 4)
    changed.insert(table, r);
  kernel_set made{table, {0, 1}, {}};
  for (row_number r = 0; r < 400; ++r)
    if (r % 4 < 2) made.insert(table, r);
  const auto a = changed.compile(table);
  const auto b = made.compile(table);
  CHECK(changed.members() == made.members());
  point_set points{2, 101};
  for (std::size_t i = 0; i < points.size(); ++i)
    points.row(0)[i] = points.row(1)[i] = static_cast<double>(i) / 100;
  const auto densities = a.log_density(points);
  const auto expected = b.log_density(points);
  for (std::size_t i = 0; i < points.size(); ++i)
    CHECK(densities[i] == doctest::Approx(expected[i]).epsilon(1e-12));
  for (std::size_t k = 0; k < a.size(); ++k)
    CHECK(a.sigma(a.columns[0], k) == b.sigma(b.columns[0], k));
}

TEST_CASE("shared bandwidths shrink as Optuna 4's do") {
  const std::vector<dimension> dimensions{{.low = -1, .high = 3}, {.low = 0, .high = 1}};
  observations table{dimensions};
  kernel_rules rules;
  rules.bandwidths = bandwidths::shared;
  kernel_set set{table, {0, 1}, rules};
  for (row_number r = 0; r < 64; ++r) {
    table.set(r, {value_of(r), value_of(r)});
    set.insert(table, r);
  }
  const auto m = set.compile(table);
  CHECK(m.sigma(m.columns[0], 5) == doctest::Approx(0.2 * 4 * std::pow(64, -1.0 / 6)));
  CHECK(m.sigma(m.columns[1], 5) == doctest::Approx(0.2 * std::pow(64, -1.0 / 6)));
  CHECK(m.sigma(m.columns[0], 64) == 4);
}

TEST_CASE("the logarithms of the normal distribution hold in its tails") {
  CHECK(log_ndtr(0) == doctest::Approx(std::log(0.5)));
  CHECK(log_ndtr(-5) == doctest::Approx(-15.064998393988727).epsilon(1e-14));
  CHECK(log_ndtr(-36.9) == doctest::Approx(log_ndtr(-37.1) + 7.405407).epsilon(1e-6));
  CHECK(log_ndtr(-50) == doctest::Approx(-1254.8313611394194).epsilon(1e-14));
  CHECK(log_ndtr(9) == doctest::Approx(-1.1285884059538324e-19).epsilon(1e-12));
  CHECK(log_mass(-1, 2) == doctest::Approx(std::log(0.8185946141203637)).epsilon(1e-14));
  CHECK(log_mass(3, 4) == doctest::Approx(log_mass(-4, -3)).epsilon(1e-15));
  CHECK(log_mass(40, 41) == doctest::Approx(log_ndtr(-40)).epsilon(1e-14));
  CHECK(log_mass(1, 1) == -std::numeric_limits<double>::infinity());
  // Narrow intervals add up to wide ones.
  double sum = 0;
  for (int i = 0; i < 100; ++i)
    sum += std::exp(log_mass(0.5 + 0.01 * i, 0.5 + 0.01 * (i + 1)));
  CHECK(std::log(sum) == doctest::Approx(log_mass(0.5, 1.5)).epsilon(1e-12));
}

TEST_CASE("quantiles of a cut normal distribution invert its distribution function") {
  for (const auto& [a, b] : {std::pair{-1.0, 2.0}, {-60.0, -50.0}, {3.0, 80.0}, {45.0, 46.0}})
    for (const double q : {0.001, 0.25, 0.5, 0.999}) {
      const double x = cut_normal_quantile(q, a, b);
      CAPTURE(a);
      CAPTURE(q);
      CHECK(std::exp(log_mass(a, x) - log_mass(a, b)) == doctest::Approx(q).epsilon(1e-9));
    }
  CHECK(cut_normal_quantile(0, -1, 1) == -1);
}

TEST_CASE("laws and dimensions translate values into each other") {
  const domain size = randint{-3, 9};
  CHECK(to_number(size, 5) == 5);
  CHECK(to_value(size, 5) == 5);
  CHECK(std::isnan(to_number(size, "five")));
  CHECK(std::isnan(to_number(size, 12)));
  CHECK(dimension_of(size)->high == 8);
  const domain any = choice{{"a", 2, nullptr}};
  CHECK(to_number(any, nullptr) == 2);
  CHECK(to_value(any, 1) == 2);
  CHECK(std::isnan(to_number(any, "b")));
  CHECK(to_value(uniform{0, 1}, 1).get_double() < 1);
  CHECK_FALSE(dimension_of(constant{3}));
  CHECK_FALSE(dimension_of(randint{3, 4}));
  CHECK_FALSE(dimension_of(choice{{"only"}}));
  CHECK(dimension_of(loguniform{1e-3, 1})->log);
}
