#include "base/json.hpp"

#include <troupe/space.hpp>

#include <boost/json/array.hpp>
#include <doctest/doctest.h>

#include <stdexcept>

using namespace troupe;

namespace {

std::string problems_of(const search_space& s) {
  std::string text;
  for (const auto& p : problems(s))
    text += (text.empty() ? "" : "\n") + p.path + ": " + p.key + ": " + p.problem;
  return text;
}

search_space chain() {
  return search_space{}
      .add("nesterov", choice{{true, false}}, {{"optimizer/momentum", {0.5, 0.9}}})
      .add("optimizer/momentum", choice{{0, 0.5, 0.9}}, {{"optimizer/name", {"sgd", "rms"}}})
      .add("optimizer/name", choice{{"sgd", "rms", "adam"}});
}

} // namespace

TEST_CASE("a parameter is there exactly when its conditions hold, along a whole chain") {
  int with_momentum = 0, with_nesterov = 0;
  for (std::uint64_t n = 0; n < 1000; ++n) {
    const auto c = sample(chain(), 1, n);
    const auto* name = find(c, "optimizer/name");
    const auto* momentum = find(c, "optimizer/momentum");
    REQUIRE(name);
    CHECK((momentum != nullptr) == (*name != "adam"));
    CHECK((find(c, "nesterov") != nullptr) == (momentum && *momentum != 0));
    with_momentum += momentum != nullptr;
    with_nesterov += find(c, "nesterov") != nullptr;
  }
  CHECK(std::abs(with_momentum - 667) < 60);
  CHECK(std::abs(with_nesterov - 444) < 60);
}

TEST_CASE("all of several conditions must hold, and numbers are compared by value") {
  const auto s = search_space{}
                     .add("a", choice{{1, 2}})
                     .add("b", choice{{0.0, 1.0}})
                     .add("x", constant{0}, {{"a", {1.0}}, {"b", {1}}});
  for (std::uint64_t n = 0; n < 50; ++n) {
    const auto c = sample(s, 0, n);
    CHECK(c.contains("x") == (c.at("a") == 1 && c.at("b") == 1.0));
  }
}

TEST_CASE("conditions do not change what is drawn") {
  const auto free = search_space{}.add("k", choice{{0, 1}}).add("x", uniform{0, 1});
  const auto bound = search_space{}.add("k", choice{{0, 1}}).add("x", uniform{0, 1}, {{"k", {1}}});
  for (std::uint64_t n = 0; n < 50; ++n)
    if (const auto c = sample(bound, 0, n); c.contains("x"))
      CHECK(c.at("x") == sample(free, 0, n).at("x"));
}

TEST_CASE("a list keeps its length when members of its elements are absent") {
  const auto s = search_space{}
                     .add("on", constant{false})
                     .add("l/0/a", constant{1}, {{"on", {true}}})
                     .add("l/1/a/b", constant{2}, {{"on", {true}}})
                     .add("l/2", constant{3});
  CHECK(to_text(sample(s, 0, 0)) == R"({"on": false, "l": [{}, {}, 3]})");
  const auto nested = search_space{}.add("on", constant{0}).add("o/x", constant{1}, {{"on", {1}}});
  CHECK(to_text(sample(nested, 0, 0)) == R"({"on": 0})");
}

TEST_CASE("conditions that cannot be are refused") {
  const auto with = [](const std::string& path, domain d, std::vector<condition> when) {
    try {
      search_space{}.add("l/0", constant{1}).add(path, std::move(d), std::move(when));
      return std::string{};
    } catch (const std::invalid_argument& e) {
      return std::string{e.what()};
    }
  };
  CHECK(with("l/1", constant{1}, {{"k", {1}}}).find("an element of a list cannot be absent") !=
        std::string::npos);
  CHECK(with("g", grid_search{{1}}, {{"k", {1}}}).find("all of a grid is tried") !=
        std::string::npos);
  CHECK(with("x", constant{1}, {{"k", {}}}).find("needs at least one value") != std::string::npos);
}

TEST_CASE("references to what is not there, and values that never come, are problems") {
  CHECK(problems_of(chain()).empty());
  const auto s = search_space{}
                     .add("optimizer/name", choice{{"sgd", "adam"}})
                     .add("a", constant{1}, {{"optimizer/nam", {"sgd"}}})
                     .add("b", constant{1}, {{"optimizer", {"sgd"}}})
                     .add("c", constant{1}, {{"optimizer/name", {"adam", "sdg"}}})
                     .add("d", expression{"optimizer.nme .. optimzer"});
  CHECK(problems_of(s) ==
        "a: when/optimizer/nam: unknown parameter; did you mean \"optimizer/name\"?\n"
        "b: when/optimizer: unknown parameter; did you mean \"optimizer/name\"?\n"
        "c: when/optimizer/name: \"optimizer/name\" is never the text \"sdg\"\n"
        "d: expr: unknown name \"optimizer/nme\"; did you mean \"optimizer/name\"?\n"
        "d: expr: unknown name \"optimzer\"; known: optimizer/name, a, b, c, d");
  CHECK_THROWS_WITH_AS(sample(s, 0, 0),
                       "parameter \"a\": when/optimizer/nam: unknown parameter; did you mean "
                       "\"optimizer/name\"?",
                       std::invalid_argument);
}

TEST_CASE("parameters that depend on each other in a circle are a problem") {
  const auto circle = search_space{}
                          .add("a", expression{"b + 1"})
                          .add("b", constant{1}, {{"c", {1}}})
                          .add("c", expression{"a"})
                          .add("d", expression{"a"});
  CHECK(
      problems_of(circle) ==
      R"(a: : the parameters depend on each other in a circle: "a" needs "b" needs "c" needs "a")");
  CHECK(problems_of(search_space{}.add("a", expression{"a + 1"})).find(R"("a" needs "a")") !=
        std::string::npos);
  CHECK(problems_of(search_space{}.add("o/a", expression{"#o"}).add("o/b", constant{1}))
            .find(R"("o/a" needs "o/a")") != std::string::npos);
  CHECK(problems_of(search_space{}.add("a", constant{1}, {{"a", {1}}})).find("circle") !=
        std::string::npos);
}

TEST_CASE("many parameters that all depend on each other are looked through quickly") {
  search_space s;
  std::string sum = "0";
  for (int i = 0; i < 60; ++i)
    sum += " + p" + std::to_string(i);
  for (int i = 0; i < 60; ++i)
    s.add("p" + std::to_string(i), expression{sum});
  CHECK_FALSE(problems(s).empty());
}

TEST_CASE("expressions read parameters before and after them") {
  const auto s = search_space{}
                     .add("total", expression{"net.width * #net.layers + twice"})
                     .add("twice", expression{"2 * net.width"})
                     .add("net/width", randint{1, 100})
                     .add("net/layers/0", randint{1, 9})
                     .add("net/layers/1", constant{"x"});
  for (std::uint64_t n = 0; n < 20; ++n) {
    const auto c = sample(s, 0, n);
    const auto width = find(c, "net/width")->as_int64();
    CHECK(c.begin()->key() == "total");
    CHECK(c.at("total") == 4 * width);
    CHECK(c.at("twice") == 2 * width);
  }
}

TEST_CASE("an absent parameter is nil to an expression, at any depth") {
  const auto s = search_space{}
                     .add("on", constant{false})
                     .add("m", constant{1}, {{"on", {true}}})
                     .add("o/m", constant{1}, {{"on", {true}}})
                     .add("x", expression{"m == nil and o.m == nil"});
  CHECK(to_text(sample(s, 0, 0)) == R"({"on": false, "x": true})");
}

TEST_CASE("an expression's draws are its own") {
  const auto s = search_space{}.add("u", uniform{0, 1}).add("x", expression{"uniform(0, 1)"});
  const auto c = sample(s, 3, 4);
  CHECK(c.at("x") == sample(search_space{}.add("x", uniform{0, 1}), 3, 4).at("x"));
  CHECK(c.at("x") != c.at("u"));
}

TEST_CASE("an expression that fails names its parameter") {
  const auto s = search_space{}.add("a", constant{"text"}).add("o/x", expression{"a + 1"});
  CHECK_THROWS_WITH_AS(sample(s, 0, 0),
                       doctest::Contains("parameter \"o/x\": expression \"a + 1\": attempt to"),
                       std::invalid_argument);
}

TEST_CASE("a function sees all that does not depend on it, and draws from its own stream") {
  const auto twice = [](const config& c, random_stream& r) -> boost::json::value {
    CHECK(c.size() == 2);
    return c.at("n").as_int64() * 2 + static_cast<std::int64_t>(r.below(1));
  };
  const auto both = [](const config& c, random_stream&) -> boost::json::value {
    return c.at("f").as_int64() + c.at("e").as_int64();
  };
  const auto s = search_space{}
                     .add("e", expression{"f + 1"})
                     .add("f", sample_from{twice})
                     .add("g", sample_from{both})
                     .add("n", randint{1, 100})
                     .add("k", constant{5});
  CHECK(problems(s).empty());
  for (std::uint64_t n = 0; n < 10; ++n) {
    const auto c = sample(s, 0, n);
    const auto f = 2 * c.at("n").as_int64();
    CHECK(c.at("f") == f);
    CHECK(c.at("e") == f + 1);
    CHECK(c.at("g") == 2 * f + 1);
  }
  const auto drawn = search_space{}.add("x", sample_from{[](const config&, random_stream& r) {
                                          return boost::json::value(r.uniform());
                                        }});
  CHECK(sample(drawn, 1, 2).at("x").as_double() == random_stream{1, 2, "space/x"}.uniform());
}

TEST_CASE("what a function throws names its parameter") {
  const auto s =
      search_space{}.add("x", sample_from{[](const config&, random_stream&) -> boost::json::value {
                           throw std::runtime_error{"no luck"};
                         }});
  CHECK_THROWS_WITH_AS(sample(s, 0, 0), "parameter \"x\": no luck", std::invalid_argument);
}
