#include "search/space/configuration_set.hpp"
#include "search/space/finite_values.hpp"
#include "search/space/search_axes.hpp"
#include "search/space/value_key.hpp"

#include <troupe/random.hpp>
#include <troupe/searcher.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <set>

using namespace troupe;

namespace json = boost::json;

namespace {

constexpr auto most = std::numeric_limits<std::int64_t>::max();

std::vector<json::value> awkward_values() {
  return {nullptr,
          true,
          false,
          0,
          -0.0,
          1,
          1.0,
          1.5,
          -1,
          "1",
          "",
          most,
          most - 1,
          static_cast<double>(most),
          static_cast<std::uint64_t>(most) + 1,
          std::numeric_limits<std::uint64_t>::max(),
          0x1p64,
          0x1p53,
          (std::int64_t{1} << 53) + 1,
          json::array{},
          json::object{},
          json::array{1, 2},
          json::array{1.0, 2},
          json::object{{"a", 1}, {"b", 2}},
          json::object{{"b", 2.0}, {"a", 1}},
          json::object{{"a", json::array{1.0}}}};
}

study with_choice(const std::string& searcher, std::vector<json::value> values) {
  study s;
  s.metric = "loss";
  s.space.add("k", choice{std::move(values)});
  s.searcher.name = searcher;
  return s;
}

} // namespace

TEST_CASE("values are the same if and only if their keys are") {
  const auto all = awkward_values();
  for (const auto& a : all)
    for (const auto& b : all) {
      CHECK(same_value(a, b) == (key_of(a) == key_of(b)));
      CHECK(same_value(a, b) == same_value(b, a));
    }
  CHECK(same_value(1, 1.0));
  CHECK(same_value(0, -0.0));
  CHECK_FALSE(same_value(1, true));
  CHECK_FALSE(same_value(1, "1"));
  CHECK_FALSE(same_value(most, static_cast<double>(most)));
  CHECK(same_value(static_cast<std::uint64_t>(most) + 1, static_cast<double>(most)));
}

TEST_CASE("a choice in which a value is listed twice is to models one that has it once") {
  const auto axis_of = [](std::vector<json::value> values) {
    const auto axes = search_axes{with_choice("tpe", std::move(values))};
    return axes.size() == 0 ? 0 : axes.axes()[0].dim.choices;
  };
  CHECK(axis_of({"sgd", "sgd", "adam"}) == 2);
  CHECK(axis_of({"sgd", "adam"}) == 2);
  CHECK(axis_of({1, 1.0}) == 0);
  CHECK(axis_of({1, 1.0, 2, 2}) == 2);
  CHECK(axis_of({json::array{1}, json::array{1.0}, "x"}) == 2);
  const auto axes = search_axes{with_choice("tpe", {"sgd", "sgd", "adam", "sgd", "lion"})};
  CHECK(axes.values_of({{"k", "adam"}}) == std::vector<double>{1});
  CHECK(axes.values_of({{"k", "lion"}}) == std::vector<double>{2});
  CHECK(axes.make(0, {1}).config.at("k") == "adam");
  CHECK(axes.make(0, {2}).config.at("k") == "lion");
}

TEST_CASE("searchers find the good value of a choice that lists another twice") {
  for (const std::string name : {"tpe", "gp"}) {
    CAPTURE(name);
    for (const auto& values :
         {std::vector<json::value>{"sgd", "sgd", "adam"}, std::vector<json::value>{"sgd", "adam"},
          std::vector<json::value>{"adam", "sgd", "sgd", "sgd"}}) {
      int good = 0;
      for (std::uint64_t seed = 0; seed < 20; ++seed) {
        auto s = with_choice(name, values);
        s.seed = seed;
        const auto searcher = make_searcher(s);
        for (trial_number n = 0; n < 12; ++n) {
          const bool is_good = n % 2 == 0;
          searcher->adopt(n, {{"k", is_good ? "adam" : "sgd"}});
          searcher->observe(n, 1, {is_good ? 0.0 : 10.0});
          searcher->complete(n, {is_good ? 0.0 : 10.0});
        }
        const auto c = std::get<config>(searcher->suggest(12));
        good += c.at("k") == "adam" ? 1 : 0;
      }
      CHECK(good >= 15);
    }
  }
}

TEST_CASE("equal values are one everywhere: on a grid, among configurations, under a condition") {
  CHECK(finite_values_of(choice{{1, 1.0, "a", "a", 2}})->count == 3);
  auto space = search_space{};
  space.add("k", choice{{1, 2}});
  configuration_set seen{space};
  CHECK(seen.insert({{"k", 1}}));
  CHECK_FALSE(seen.insert({{"k", 1.0}}));
  CHECK(seen.insert({{"k", "1"}}));
  space.add("x", constant{5}, {{"k", {1.0}}});
  std::set<std::int64_t> with;
  for (std::uint64_t n = 0; n < 20; ++n)
    if (const auto c = sample(space, 0, n); c.contains("x")) with.insert(c.at("k").as_int64());
  CHECK(with == std::set<std::int64_t>{1});
}
