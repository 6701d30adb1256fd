#include "search/simulation/coordinates.hpp"

#include <troupe/random.hpp>

#include <doctest/doctest.h>

#include <vector>

using namespace troupe;

namespace {

/// The coordinate of `v` in a space of one parameter.
double place(domain d, boost::json::value v) {
  const auto all = coordinates_of(search_space{}.add("x", std::move(d)), {{"x", std::move(v)}});
  REQUIRE(all.size() == 1);
  return all[0];
}

} // namespace

TEST_CASE("a value's coordinate is its place in its domain") {
  CHECK(place(uniform{-1, 3}, 0) == 0.25);
  CHECK(place(loguniform{1e-4, 1}, 1e-2) == doctest::Approx(0.5));
  CHECK(place(randint{0, 4}, 0) == 0.125);
  CHECK(place(randint{0, 4}, 3) == 0.875);
  CHECK(place(randn{1, 2}, 1) == 0.5);
  CHECK(place(choice{{"a", "b", "c", "d"}}, "b") == 0.375);
  CHECK(place(grid_search{{"a", "b", "c", "d"}}, "b") == 0.375);
}

TEST_CASE("values without bounds have a coordinate all the same") {
  CHECK(place(expression{"x"}, 0) == 0.5);
  CHECK(place(expression{"x"}, 1) == 0.75);
  CHECK(place(expression{"x"}, -3) == 0.125);
  CHECK(place(expression{"x"}, true) == 1);
  CHECK(place(expression{"x"}, false) == 0);
  CHECK(place(expression{"x"}, "text") == 0.5);
}

TEST_CASE("constants have no coordinate; what is absent, alone or outside has the middle") {
  const auto space = search_space{}
                         .add("fixed", constant{7})
                         .add("b", uniform{0, 1}, {{"c", {"x"}}})
                         .add("c", choice{{"x", "y"}})
                         .add("single", choice{{"only"}})
                         .add("outside", uniform{0, 1});
  const config c{{"fixed", 7}, {"c", "y"}, {"single", "only"}, {"outside", 5}};
  CHECK(coordinates_of(space, c) == std::vector<double>{0.5, 0.75, 0.5, 0.5});
}

TEST_CASE("all that is drawn has its coordinates between 0 and 1, and they differ") {
  const auto space = search_space{}
                         .add("a", qloguniform{1, 100, 0.5})
                         .add("b", lograndint{1, 1000})
                         .add("c", qrandn{0, 1, 0.1})
                         .add("d", float_range{0, 1, 0.125})
                         .add("e", int_range{1, 256, 1, true})
                         .add("f", expression{"a * b"});
  std::vector<double> before(space.entries().size(), -1);
  for (std::uint64_t n = 0; n < 200; ++n) {
    const auto u = coordinates_of(space, sample(space, 1, n));
    CHECK(u != before);
    for (const double x : u)
      CHECK((x >= 0 && x <= 1));
    before = u;
  }
}
