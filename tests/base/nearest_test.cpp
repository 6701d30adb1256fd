#include "base/nearest.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace troupe;

TEST_CASE("the distance counts letters changed, added, dropped and swapped") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("abc", "") == 3);
  CHECK(edit_distance("uniform", "unifrom") == 1);
  CHECK(edit_distance("uniform", "unform") == 1);
  CHECK(edit_distance("uniform", "uniforms") == 1);
  CHECK(edit_distance("kitten", "sitting") == 3);
}

TEST_CASE("the nearest name is suggested if it is near, else all are") {
  constexpr auto names = std::to_array<std::string_view>({"num_samples", "resources", "seed"});
  CHECK(suggest_name("num_sample", names) == "did you mean \"num_samples\"?");
  CHECK(suggest_name("sede", names) == "did you mean \"seed\"?");
  CHECK(suggest_name("res", names) == "did you mean \"resources\"?");
  CHECK(suggest_name("x", names) == "known: num_samples, resources, seed");
  CHECK(suggest_name("", names) == "known: num_samples, resources, seed");
  CHECK(nearest_name("steps", names).empty());
}
