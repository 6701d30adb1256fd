#include "search/numbers/sobol.hpp"
#include "search/recorded_lines.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <set>

using namespace troupe;

namespace {

/// Returns in how many of the `parts` equal parts of [0, 1) the coordinates on `axis` of as many
/// points, from `first` on, lie.
std::size_t parts_hit(const sobol_sequence& s, std::size_t axis, std::uint32_t first,
                      std::uint32_t parts) {
  std::set<double> hit;
  for (std::uint32_t i = 0; i < parts; ++i)
    hit.insert(std::floor(s.point(first + i)[axis] * parts));
  return hit.size();
}

} // namespace

TEST_CASE("unscrambled points are SciPy's, the origin first") {
  int tested = 0;
  for (const auto& line : recorded_lines("sobol")) {
    const auto dim = static_cast<std::size_t>(line.at("dim").as_int64());
    const auto sequence = sobol_sequence{dim};
    auto index = static_cast<std::uint32_t>(line.at("first").as_int64());
    for (const auto& wanted : line.at("points").as_array()) {
      const auto got = sequence.point(index++);
      REQUIRE(got.size() == dim);
      for (std::size_t axis = 0; axis < dim; ++axis)
        CHECK(got[axis] == as_number(wanted.at(axis)));
      ++tested;
    }
  }
  CHECK(tested == 20 * 64);
}

TEST_CASE("every aligned block of points has one in each part of every axis, scrambled or not") {
  for (const auto seed : {std::optional<std::uint64_t>{}, std::optional<std::uint64_t>{7}})
    for (const std::size_t axis : {0, 1, 17, 99})
      for (const std::uint32_t first : {0U, 256U, 1U << 20, 0xFFFFFF00U})
        CHECK(parts_hit(sobol_sequence{100, seed}, axis, first, 256) == 256);
}

TEST_CASE("the first and the last axis, and the last point, are there") {
  const auto sequence = sobol_sequence{sobol_sequence::max_dim, 3};
  const auto point = sequence.point(0xFFFFFFFF);
  REQUIRE(point.size() == sobol_sequence::max_dim);
  for (const double x : point)
    CHECK((x >= 0 && x < 1));
}

TEST_CASE("scrambled points depend on the seed and the axis") {
  const auto points = [](std::uint64_t seed) { return sobol_sequence{3, seed}.point(5); };
  CHECK(points(1) == points(1));
  CHECK(points(1) != points(2));
  // Unscrambled, all coordinates of the point 0 are the same.
  const auto origin = sobol_sequence{3, 1}.point(0);
  CHECK(origin[0] != origin[1]);
  CHECK(origin[1] != origin[2]);
}

TEST_CASE("a scrambled point is uniform over the seeds, and its coordinates are independent") {
  constexpr int seeds = 4000;
  double sum = 0;
  double square = 0;
  double product = 0;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const auto sequence = sobol_sequence{2, seed};
    const double x = sequence.point(3)[1] - 0.5;
    const double y = sequence.point(3)[0] - 0.5;
    sum += x;
    square += x * x;
    product += x * y;
  }
  // Standard errors: 1/sqrt(12 n), 1/sqrt(180 n) and 1/(12 sqrt(n)).
  CHECK(sum / seeds == doctest::Approx(0).scale(1).epsilon(4 / std::sqrt(12.0 * seeds)));
  CHECK(square / seeds ==
        doctest::Approx(1.0 / 12).scale(0).epsilon(12 * 4 / std::sqrt(180.0 * seeds)));
  CHECK(std::abs(product / seeds) < 4 / (12 * std::sqrt(1.0 * seeds)));
}

TEST_CASE("scrambling flips digits below different ones independently") {
  // Points 0 and 1 lie in different halves, whatever the seed. A digital shift would keep how their
  // lower digits differ, too.
  std::set<std::uint32_t> differences;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto sequence = sobol_sequence{1, seed};
    const auto digits = [&](std::uint32_t i) {
      return static_cast<std::uint32_t>(sequence.point(i)[0] * 0x1p32);
    };
    differences.insert((digits(0) ^ digits(1)) & 0x7FFFFFFF);
    CHECK((digits(0) >> 31) != (digits(1) >> 31));
  }
  CHECK(differences.size() == 20);
}
