#include "base/json.hpp"
#include "search/space/dimension.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <map>

using namespace troupe;
namespace json = boost::json;

namespace {

constexpr auto least = std::numeric_limits<std::int64_t>::min();
constexpr auto most = std::numeric_limits<std::int64_t>::max();

json::value value_at(const domain& d, double u) {
  return to_value(d, dimension_of(d).value().from_coordinate(u));
}

double coordinate_of(const domain& d, const json::value& v) {
  return dimension_of(d).value().to_coordinate(to_number(d, v));
}

} // namespace

TEST_CASE("a uniform parameter is linear in its coordinate and never reaches its upper bound") {
  const auto d = domain{uniform{-1, 3}};
  CHECK(value_at(d, 0) == -1.0);
  CHECK(value_at(d, 0.25) == 0.0);
  CHECK(value_at(d, 1) == std::nextafter(3.0, 0.0));
  CHECK(coordinate_of(d, 2) == 0.75);
  CHECK(value_at(float_range{-1, 3}, 1) == 3.0);
}

TEST_CASE("a loguniform parameter is linear in its logarithm and keeps its bounds") {
  const auto d = domain{loguniform{1e-4, 1e-1}};
  CHECK(value_at(d, 0).as_double() >= 1e-4);
  CHECK(value_at(d, 0).as_double() == doctest::Approx(1e-4));
  CHECK(value_at(d, 1.0 / 3).as_double() == doctest::Approx(1e-3));
  CHECK(value_at(d, 1).as_double() < 1e-1);
  CHECK(coordinate_of(d, 1e-3) == doctest::Approx(1.0 / 3));
}

TEST_CASE("each integer has an equal part of its axis") {
  const auto d = domain{randint{-2, 2}};
  CHECK(value_at(d, 0) == -2);
  CHECK(value_at(d, 0.2499) == -2);
  CHECK(value_at(d, 0.25) == -1);
  CHECK(value_at(d, 0.999) == 1);
  CHECK(value_at(d, 1) == 1);
  CHECK(coordinate_of(d, -2) == 0.125);
  CHECK(coordinate_of(d, 1) == 0.875);
}

TEST_CASE("an axis may have all integers") {
  const auto d = domain{randint{least, most}};
  CHECK(value_at(d, 0) == least);
  CHECK(value_at(d, 1) == most - 1);
  CHECK(std::abs(value_at(d, 0.5).as_int64()) <= 1);
  CHECK(value_at(int_range{least, most, 3}, 1) == most);
  CHECK(value_at(int_range{least, most, 2}, 1) == most - 1);
}

TEST_CASE("each choice has an equal part of its axis, in the order given") {
  const auto d = domain{choice{{"a", "b", "c"}}};
  CHECK(value_at(d, 0.3) == "a");
  CHECK(value_at(d, 0.34) == "b");
  CHECK(value_at(d, 1) == "c");
  CHECK(std::isnan(to_number(d, 0)));
  CHECK(to_number(choice{{1, 2}}, 2.0) == 1);
}

TEST_CASE("what has a single value has no dimension, nor what depends on others") {
  CHECK_FALSE(dimension_of(constant{1}));
  CHECK_FALSE(dimension_of(randint{3, 4}));
  CHECK_FALSE(dimension_of(choice{{"a"}}));
  CHECK_FALSE(dimension_of(int_range{3, 5, 4}));
  CHECK_FALSE(dimension_of(float_range{1, 1}));
  CHECK_FALSE(dimension_of(expression{"1 + 1"}));
  CHECK_FALSE(dimension_of(grid_search{{1, 2}}));
  CHECK(dimension_of(randint{3, 5}));
  CHECK(dimension_of(choice{{"a", "b"}}));
}

TEST_CASE("steps start at the lower bound and end at or below the upper one") {
  const auto d = dimension_of(float_range{0, 1, 0.3}).value();
  CHECK(d.high == doctest::Approx(0.9));
  CHECK(d.count() == 4);
  CHECK(value_at(float_range{0, 1, 0.3}, 0.3) == 0.3);
  CHECK(value_at(int_range{1, 10, 4}, 0.99) == 9);
  CHECK(value_at(qrandint{3, 20, 5}, 0) == 5);
  CHECK(value_at(quniform{0, 1, 0.25}, 0.5) == 0.5);
  CHECK(value_at(qlograndint{4, 64, 4}, 1) == 64);
  CHECK(value_at(lograndint{1, 64}, 1) == 63);
}

TEST_CASE("a normal law is modelled by its quantiles") {
  const auto d = domain{randn{10, 2}};
  CHECK(value_at(d, 0.5) == 10.0);
  CHECK(value_at(d, 0.975).as_double() == doctest::Approx(10 + 2 * 1.959964));
  CHECK(std::isfinite(value_at(d, 0).as_double()));
  CHECK(std::isfinite(value_at(d, 1).as_double()));
  CHECK(coordinate_of(d, 10) == 0.5);
  CHECK(value_at(qrandn{0, 1, 0.5}, 0.7) == 0.5);
}

TEST_CASE("coordinates and values are inverse to each other, and values lie in their domain") {
  const domain domains[] = {uniform{-7, 11},
                            loguniform{1e-9, 1e3},
                            randint{-5, 90},
                            quniform{-3, 3, 0.5},
                            qloguniform{0.1, 8, 0.1},
                            randn{5, 0.1},
                            qrandn{5, 3, 0.5},
                            qrandint{1, 90, 7},
                            lograndint{1, 1000},
                            qlograndint{2, 1000, 2},
                            float_range{-2, 2},
                            float_range{1e-5, 1, {}, true},
                            float_range{-1, 1, 0.1},
                            int_range{-4, 10, 3},
                            int_range{1, 100, 1, true},
                            choice{{1, "two", nullptr, 1}}};
  for (const auto& d : domains)
    for (double u = 0.005; u < 1; u += 0.01) {
      const auto v = value_at(d, u);
      CAPTURE(to_text(v));
      CHECK(contains(d, v));
      const auto back = value_at(d, coordinate_of(d, v));
      if (v.is_number())
        CHECK(as_number(back) == doctest::Approx(as_number(v)));
      else
        CHECK(back == v);
    }
}

TEST_CASE("a uniform coordinate gives each value of a grid as often as the others") {
  for (const domain& d : {domain{int_range{2, 20, 3}}, domain{float_range{0, 1.2, 0.2}},
                          domain{choice{{1, 2, 3, 4, 5, 6, 7}}}}) {
    std::map<std::string, int> counts;
    for (int i = 0; i < 7000; ++i)
      ++counts[to_text(value_at(d, (i + 0.5) / 7000))];
    CHECK(counts.size() == 7);
    for (const auto& [value, count] : counts)
      CHECK(count == 1000);
  }
}
