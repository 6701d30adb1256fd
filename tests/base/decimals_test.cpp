#include "base/decimals.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>

using namespace troupe;

TEST_CASE("steps of decimals give the nearest decimals") {
  CHECK(decimal_step(0.1, 2, 0.1) == 0.3);
  CHECK(decimal_step(0, 3, 0.1) == 0.3);
  CHECK(decimal_step(0.05, 1, 0.1) == 0.15);
  CHECK(decimal_step(1.1, 11, 0.1) == 2.2);
  CHECK(decimal_step(-0.3, 1, 0.1) == -0.2);
  CHECK(decimal_step(1e-7, 2, 1e-7) == 3e-7);
  for (int k = 0; k < 1000; ++k)
    REQUIRE(decimal_step(0, k, 0.001) == std::stod(std::to_string(k) + "e-3"));
}

TEST_CASE("zero has no sign") {
  CHECK_FALSE(std::signbit(decimal_step(-0.3, 3, 0.1)));
  CHECK_FALSE(std::signbit(decimal_step(0, -0.0, 0.1)));
  CHECK_FALSE(std::signbit(decimal_step(-0.0, 0, 1.0 / 3)));
}

TEST_CASE("what has too many digits is added as doubles are") {
  for (const double low : {1.0 / 3, 1e300, -1e17, 5e-324, 0.1}) {
    const double step = low == 0.1 ? std::sqrt(2) : 0.1;
    CHECK(decimal_step(low, 7, step) == low + 7 * step);
  }
  CHECK(decimal_step(0.1, 1e17, 0.1) == 0.1 + 1e17 * 0.1);
  CHECK(std::isinf(decimal_step(0, std::numeric_limits<double>::infinity(), 0.1)));
}
