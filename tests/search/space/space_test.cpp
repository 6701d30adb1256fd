#include "base/json.hpp"

#include <troupe/space.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <set>
#include <stdexcept>

using namespace troupe;

namespace {

std::string draw(const search_space& s, std::uint64_t seed, std::uint64_t number) {
  return to_text(sample(s, seed, number));
}

/// The problem of adding `d` at `path` to a space that has `taken`.
std::string problem_of(const std::vector<std::string>& taken, const std::string& path,
                       domain d = constant{1}) {
  search_space s;
  for (const auto& t : taken)
    s.add(t, constant{0});
  try {
    s.add(path, std::move(d));
    return {};
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
}

} // namespace

TEST_CASE("a configuration has every parameter, nested as its path, in the order of the space") {
  const auto s = search_space{}
                     .add("b", constant{"x"})
                     .add("a/z", constant{1})
                     .add("layers/0/units", constant{8})
                     .add("layers/1", constant{nullptr})
                     .add("a/y", constant{2.5})
                     .add("layers/0/act", constant{"relu"});
  CHECK(draw(s, 0, 0) == R"({"b": "x", "a": {"z": 1, "y": 2.5}, )"
                         R"("layers": [{"units": 8, "act": "relu"}, null]})");
}

TEST_CASE("a draw depends on seed, number, path and law alone") {
  const auto small = search_space{}.add("lr", uniform{0, 1});
  const auto large = search_space{}
                         .add("batch", randint{1, 100})
                         .add("lr", uniform{0, 1})
                         .add("deep/lr", uniform{0, 1});
  std::set<double> seen;
  for (std::uint64_t seed = 0; seed < 5; ++seed)
    for (std::uint64_t number = 0; number < 20; ++number) {
      const auto c = sample(large, seed, number);
      CHECK(find(c, "lr")->get_double() == sample(small, seed, number).at("lr").get_double());
      seen.insert(find(c, "lr")->get_double());
      seen.insert(find(c, "deep/lr")->get_double());
    }
  CHECK(seen.size() == 5 * 20 * 2);
}

TEST_CASE("draws stay the same from version to version") {
  const auto s = search_space{}
                     .add("u", uniform{-1, 1})
                     .add("r", randint{0, 1000})
                     .add("c", choice{{4, 8, 16, 32}});
  CHECK(draw(s, 0, 0) == R"({"u": 0.23339798655978106, "r": 378, "c": 4})");
  CHECK(draw(s, 0, 1) == R"({"u": -0.9756982019124314, "r": 13, "c": 4})");
  CHECK(draw(s, 1, 0) == R"({"u": -0.33189103203261006, "r": 808, "c": 32})");
}

TEST_CASE("draws keep to their bounds, however narrow or wide") {
  constexpr auto least = std::numeric_limits<std::int64_t>::min();
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  const double above_one = std::nextafter(1.0, 2.0);
  const auto s = search_space{}
                     .add("narrow", uniform{1, above_one})
                     .add("wide", uniform{-8e307, 8e307})
                     .add("log", loguniform{1, above_one})
                     .add("huge", loguniform{5e-324, 1.7e308})
                     .add("one", randint{most - 1, most})
                     .add("all", randint{least, most});
  bool has_negative = false, has_positive = false;
  for (std::uint64_t n = 0; n < 1000; ++n) {
    const auto c = sample(s, 3, n);
    CHECK(c.at("narrow").get_double() == 1.0);
    CHECK(std::abs(c.at("wide").get_double()) <= 8e307);
    CHECK(c.at("log").get_double() >= 1.0);
    CHECK(c.at("log").get_double() <= above_one);
    CHECK(c.at("huge").get_double() >= 5e-324);
    CHECK(c.at("huge").get_double() <= 1.7e308);
    CHECK(c.at("one").get_int64() == most - 1);
    (c.at("all").get_int64() < 0 ? has_negative : has_positive) = true;
  }
  CHECK(has_negative);
  CHECK(has_positive);
}

TEST_CASE("a logarithmic draw stays in bounds where logarithms round") {
  for (int i = 1; i <= 200; ++i) {
    const double low = i * 0.1;
    const double high = std::nextafter(low, 100.0);
    const auto x =
        sample(search_space{}.add("x", loguniform{low, high}), 0, 0).at("x").get_double();
    CHECK(x >= low);
    CHECK(x <= high);
  }
}

TEST_CASE("a value that is listed twice is chosen twice as often") {
  const auto s = search_space{}.add("c", choice{{"a", "b", "a"}});
  int count = 0;
  for (std::uint64_t n = 0; n < 30'000; ++n)
    count += sample(s, 0, n).at("c") == "a";
  CHECK(std::abs(count - 20'000) < 400);
}

TEST_CASE("domains that nothing can be drawn from are refused, and say why") {
  constexpr auto infinity = std::numeric_limits<double>::infinity();
  CHECK(impossible(uniform{0, 1}).empty());
  CHECK(impossible(uniform{1, 1}) == "uniform needs low < high; found [1.0, 1.0]");
  CHECK(impossible(uniform{std::nan(""), 1}) == R"(uniform needs low < high; found ["nan", 1.0])");
  CHECK(impossible(uniform{0, infinity}) == R"(uniform needs a finite range; found [0.0, "inf"])");
  CHECK(impossible(uniform{-1e308, 1e308}) ==
        "uniform needs a finite range; found [-1e+308, 1e+308]");
  CHECK(impossible(loguniform{0, 1}) == "loguniform needs finite 0 < low < high; found [0.0, 1.0]");
  CHECK(impossible(loguniform{-1, 1}).find("0 < low") != std::string::npos);
  CHECK(impossible(loguniform{2, 1}).find("low < high") != std::string::npos);
  CHECK(impossible(loguniform{1, infinity}).find("finite") != std::string::npos);
  CHECK(impossible(randint{3, 3}) ==
        "randint needs low < high, as high itself is never drawn; found [3, 3]");
  CHECK(impossible(choice{}) == "choice needs at least one value");
  CHECK(impossible(constant{nullptr}).empty());
  CHECK(problem_of({}, "lr", loguniform{0, 1}) ==
        R"(parameter "lr": loguniform needs finite 0 < low < high; found [0.0, 1.0])");
}

TEST_CASE("a path that is taken, or lies inside another's, is refused") {
  CHECK(problem_of({"lr"}, "lr") == R"(parameter "lr": "lr" is there already)");
  CHECK(problem_of({"a/b"}, "a") == R"(parameter "a": "a/b" is there already)");
  CHECK(problem_of({"a"}, "a/b") == R"(parameter "a/b": "a" is there already)");
  CHECK(problem_of({"a/b"}, "a/bc").empty());
  CHECK(problem_of({"a/b"}, "ab").empty());
}

TEST_CASE("a path has no empty names") {
  for (const auto* path : {"", "/", "/a", "a/", "a//b"})
    CHECK(problem_of({}, path) == "parameter \"" + std::string{path} + "\": a name is empty");
}

TEST_CASE("numbers are the indices of lists, which grow in order") {
  CHECK(problem_of({"l/0", "l/1/a"}, "l/1/b").empty());
  CHECK(problem_of({"l/0"}, "l/1/0/0").empty());
  CHECK(problem_of({}, "0") ==
        R"(parameter "0": a number is the index of a list, and here is none)");
  CHECK(problem_of({"l/0"}, "l/2") ==
        R"(parameter "l/2": the elements of a list are added in order, from 0; next is 1)");
  CHECK(problem_of({}, "l/1").find("next is 0") != std::string::npos);
  CHECK(problem_of({"l/0"}, "l/x") ==
        R"(parameter "l/x": "l" has both names and numbers below it)");
  CHECK(problem_of({"l/x"}, "l/0") ==
        R"(parameter "l/0": "l" has both names and numbers below it)");
}

TEST_CASE("a domain is found by its path") {
  const auto s = search_space{}.add("a/b", randint{0, 5}).add("c", constant{1});
  REQUIRE(s.find("a/b"));
  CHECK(std::get<randint>(*s.find("a/b")).high == 5);
  CHECK(s.find("a") == nullptr);
  CHECK(s.find("a/b/c") == nullptr);
  CHECK(s.entries().size() == 2);
}
