#include "base/seconds.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace troupe;

TEST_CASE("seconds become nanoseconds, and those beyond the longest time become that") {
  CHECK(to_nanoseconds(0) == 0);
  CHECK(to_nanoseconds(1.5) == 1'500'000'000);
  CHECK(to_nanoseconds(0.1) == 100'000'000);
  CHECK(to_nanoseconds(1.6e-9) == 2);
  CHECK(to_nanoseconds(-2) == -2'000'000'000);
  const auto longest = std::int64_t{1'000'000'000'000'000'000};
  for (const double huge : {1e9, 1e10, 1e19, 1e300, std::numeric_limits<double>::infinity()}) {
    CHECK(to_nanoseconds(huge) == longest);
    CHECK(to_nanoseconds(-huge) == -longest);
  }
  CHECK(to_nanoseconds(std::nan("")) == 0);
}

TEST_CASE("times are added without an overflow") {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  constexpr auto least = std::numeric_limits<std::int64_t>::min();
  CHECK(later(1, 2) == 3);
  CHECK(later(5, -7) == -2);
  CHECK(later(most, 1) == most);
  CHECK(later(most - 1, most) == most);
  CHECK(later(least, -1) == least);
  CHECK(later(least, most) == -1);
}
