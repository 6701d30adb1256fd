#include "search/space/space_order.hpp"
#include "search/space/space_walk.hpp"
#include "search/space/variants.hpp"

#include <troupe/study.hpp>

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

// Costs grow in proportion to a space. With anything worse, these would not end within the time
// that the test program has.

using namespace troupe;

namespace {

constexpr int many = 40'000;

std::string name(int i) {
  return "p" + std::to_string(i);
}

} // namespace

TEST_CASE("a space of very many parameters is made, drawn from and assembled") {
  search_space space;
  for (int i = 0; i < many; ++i)
    space.add("group" + std::to_string(i % 100) + "/" + name(i), constant{i});
  for (int i = 0; i < many; ++i)
    space.add("list/" + std::to_string(i), uniform{0, 1});
  CHECK(space.index_of("list/7") == many + 7);
  CHECK(space.holds("group7"));
  CHECK_FALSE(space.holds("group"));
  CHECK_FALSE(space.index_of("list"));
  const auto c = sample(space, 1, 2);
  CHECK(find(c, "list")->as_array().size() == many);
  CHECK(*find(c, "group3/p103") == 103);
  CHECK_THROWS_WITH_AS(space.add("list/" + std::to_string(many + 1), constant{1}),
                       doctest::Contains("next is 40000"), std::invalid_argument);
}

TEST_CASE("chains of conditions and of expressions may be very long") {
  search_space space;
  space.add(name(0), choice{{1, 2}});
  for (int i = 1; i < many; ++i)
    space.add(name(i), choice{{1}}, {{name(i - 1), {1}}});
  constexpr int expressions = many / 10; // each is a Lua state of its own
  for (int i = 0; i < expressions; ++i)
    space.add("e" + std::to_string(i), expression{i == 0 ? "1" : "e" + std::to_string(i - 1)});
  CHECK(problems(space).empty());
  for (std::uint64_t n = 0; n < 3; ++n) {
    const auto c = sample(space, 0, n);
    CHECK(c.size() == (c.at("p0") == 1 ? many : 1) + expressions);
  }
  // Backwards: each needs one that is added later.
  search_space turned;
  for (int i = 0; i < many; ++i)
    turned.add(name(i), choice{{1}}, {{name(i + 1), {1}}});
  CHECK(problems(turned).size() == 1);
  turned.add(name(many), choice{{1}});
  CHECK(sample(turned, 0, 0).size() == many + 1);
  const space_sampler sampler{turned};
  space_walk walk{turned, sampler};
  CHECK(walk.next(0, 0));
  CHECK_FALSE(walk.next(0, 1));
}

TEST_CASE("circles are told, a few of them, however many there are and however long") {
  search_space space;
  for (int i = 0; i < many; ++i)
    space.add(name(i), choice{{1}}, {{name((i + 1) % many), {1}}, {name(0), {1}}});
  const auto found = problems(space);
  CHECK(found.size() >= 1);
  CHECK(found.size() <= 10);
  for (const auto& p : found) {
    CHECK(p.problem.find("depend on each other in a circle") != std::string::npos);
    CHECK(p.problem.size() < 1000);
  }
}

TEST_CASE("very many unknown names are each told, and compared with others only at first") {
  search_space space;
  for (int i = 0; i < many; ++i)
    space.add(name(i), choice{{1}}, {{"q" + std::to_string(i), {1}}});
  CHECK(problems(space).size() == many);
}

TEST_CASE(
    "an expression that reads all of a large group is one thing, thousands of them are refused") {
  search_space space;
  for (int i = 0; i < 5000; ++i)
    space.add("group/" + name(i), constant{1});
  space.add("one", expression{"group.p7 + group.p8"});
  CHECK(problems(space).empty());
  for (int i = 0; i < 5000; ++i)
    space.add("x" + std::to_string(i), expression{"choice{group}"});
  const auto found = problems(space);
  REQUIRE(!found.empty());
  CHECK(found.front().problem.find("more than 1000000 times") != std::string::npos);
}

TEST_CASE("grids of very many parameters and values are enumerated") {
  search_space space;
  for (int i = 0; i < many / 4; ++i)
    space.add(name(i), grid_search{{i}});
  std::vector<boost::json::value> values;
  for (int i = 0; i < many; ++i)
    values.emplace_back(i % (many / 2));
  space.add("v", grid_search{values});
  const variants all{space, {}, false};
  CHECK(all.configuration(0, 39'999).at("v") == 19'999);
  CHECK(finite_values_of(choice{values})->count == many / 2);
}
