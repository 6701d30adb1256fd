#include "base/nearest.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

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

TEST_CASE("very long names are not compared, and of very many names some are listed") {
  const auto name = std::string(4'000'000, 'x');
  const std::vector<std::string_view> names{"lr", "momentum", name};
  CHECK(nearest_name(name, names).empty());
  CHECK(nearest_name("lrr", names) == "lr");
  std::vector<std::string> all;
  for (int i = 0; i < 20'000; ++i)
    all.push_back("parameter" + std::to_string(i));
  const std::vector<std::string_view> many{all.begin(), all.end()};
  const auto said = suggest_name("q", many);
  CHECK(said.ends_with("parameter59, and 19940 more"));
  CHECK(said.size() < 1000);
}
