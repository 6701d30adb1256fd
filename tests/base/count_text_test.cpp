#include "base/count_text.hpp"

#include <doctest/doctest.h>

#include <cstdint>

using namespace troupe;

TEST_CASE("one is singular") {
  CHECK(count_text(0, "trial") == "0 trials");
  CHECK(count_text(1, "trial") == "1 trial");
  CHECK(count_text(2, "trial") == "2 trials");
  CHECK(count_text(std::uint64_t{1} << 63U, "trial") == "9223372036854775808 trials");
  CHECK(count_text(1.0, "iteration") == "1 iteration");
  CHECK(count_text(81.0, "iteration") == "81 iterations");
}
