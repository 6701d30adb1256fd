#include "search/unit_cube.hpp"
#include "study/json.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace troupe;
namespace json = boost::json;

namespace {

constexpr auto least = std::numeric_limits<std::int64_t>::min();
constexpr auto most = std::numeric_limits<std::int64_t>::max();

} // namespace

TEST_CASE("a uniform parameter is linear in its coordinate and never reaches its upper bound") {
  const auto d = domain{uniform{-1, 3}};
  CHECK(value_at(d, 0) == -1.0);
  CHECK(value_at(d, 0.25) == 0.0);
  CHECK(value_at(d, 1) == std::nextafter(3.0, 0.0));
  CHECK(coordinate_of(d, 2) == 0.75);
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
}

TEST_CASE("each choice has an equal part of its axis, in the order given") {
  const auto d = domain{choice{{"a", "b", "c"}}};
  CHECK(value_at(d, 0.3) == "a");
  CHECK(value_at(d, 0.34) == "b");
  CHECK(value_at(d, 1) == "c");
  CHECK(std::isnan(coordinate_of(d, 0)));
}

TEST_CASE("what has a single value is not open, and only numbers are numeric") {
  CHECK_FALSE(is_open(constant{1}));
  CHECK_FALSE(is_open(randint{3, 4}));
  CHECK_FALSE(is_open(choice{{"a"}}));
  CHECK(is_open(randint{3, 5}));
  CHECK(is_open(choice{{"a", "b"}}));
  CHECK(is_numeric(randint{3, 5}));
  CHECK_FALSE(is_numeric(choice{{1, 2}}));
  CHECK_FALSE(is_numeric(constant{1}));
}

TEST_CASE("coordinates and values are inverse to each other") {
  const domain domains[] = {uniform{-7, 11}, loguniform{1e-9, 1e3}, randint{-5, 90}};
  for (const auto& d : domains)
    for (double u = 0.005; u < 1; u += 0.01) {
      const auto v = value_at(d, u);
      CHECK(as_number(value_at(d, coordinate_of(d, as_number(v)))) ==
            doctest::Approx(as_number(v)));
    }
}

TEST_CASE("a value is replaced where it stands, in objects and lists") {
  auto c = parse_json(R"({"a": 1, "b": {"0": 2, "c": [3, {"d": 4}]}})").as_object();
  replace(c, "a", 10);
  replace(c, "b/c/0", 30);
  replace(c, "b/c/1/d", 40);
  CHECK(to_text(c) == R"({"a": 10, "b": {"0": 2, "c": [30, {"d": 40}]}})");
}
