#include "study/trainable_check.hpp"

#include <doctest/doctest.h>

using namespace troupe;

namespace {

study parsed(const std::string& more, const registry& known) {
  return parse_study(R"({"trainable": {"name": "net"}, "metric": "loss")" + more + "}", "s.json",
                     {}, &known);
}

registry with_engines(std::vector<engine> engines) {
  trainable t;
  t.name = "net";
  t.train = [](trial&) {};
  t.engines = std::move(engines);
  return registry{}.add(std::move(t));
}

} // namespace

TEST_CASE("an engine is one of the trainable's, or auto") {
  const auto known = with_engines({{"quick"}, {"anywhere", true}});
  CHECK(parsed("", known).engine.empty());
  CHECK(parsed(R"(, "engine": "auto")", known).engine.empty());
  const auto s = parsed(R"(, "engine": "quick")", known);
  CHECK(s.engine == "quick");
  CHECK(to_json(s).at("engine") == "quick");
  CHECK_FALSE(to_json(parsed("", known)).contains("engine"));
  CHECK_THROWS_WITH_AS(parsed(R"(, "engine": "quik")", known),
                       doctest::Contains(R"(has no engine "quik"; did you mean "quick"?)"),
                       invalid_study);
  CHECK_THROWS_WITH_AS(parsed(R"(, "engine": true)", known),
                       doctest::Contains("engine: must be a text"), invalid_study);
}

TEST_CASE("a trainable without engines has nothing to name") {
  const auto known = with_engines({});
  CHECK(parsed(R"(, "engine": "auto")", known).engine.empty());
  CHECK_THROWS_WITH_AS(parsed(R"(, "engine": "quick")", known),
                       doctest::Contains("has no engines to choose from"), invalid_study);
}
