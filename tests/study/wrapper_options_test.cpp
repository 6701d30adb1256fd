#include "base/json.hpp"
#include "study/faults_of.hpp"

#include <troupe/searcher.hpp>

#include <doctest/doctest.h>

using namespace troupe;

namespace {

study with_searcher(const std::string& searcher) {
  return parse_study(R"({"metric": "loss", "space": {"x": {"uniform": [0, 1]}}, "searcher": )" +
                         searcher + "}",
                     "s.json");
}

std::string fault_of(const std::string& searcher) {
  return faults_with("\"searcher\": " + searcher);
}

} // namespace

TEST_CASE("the options of a wrapped searcher are complete, and can be read again") {
  const auto s = with_searcher(
      R"({"name": "repeater", "repeat": 3, "searcher": {"name": "concurrency_limiter",
          "max_concurrent": 4, "searcher": {"name": "sobol"}}})");
  CHECK(to_text(s.searcher.options) ==
        R"({"searcher": {"name": "concurrency_limiter", "searcher": {"name": "sobol", )"
        R"("scramble": false}, "max_concurrent": 4, "batch": false}, "repeat": 3, )"
        R"("set_index": true})");
  CHECK_NOTHROW(make_searcher(s));
  CHECK(parse_study(to_text(to_json(s)), "s.json").searcher.options == s.searcher.options);
}

TEST_CASE("faults of a wrapped searcher are at its path") {
  CHECK(fault_of(R"({"name": "repeater", "repeat": 2, "searcher": {"name": "tpe",
    "prior_weight": 0}})") ==
        "s.json:2:5: searcher/searcher/prior_weight: must be a number above 0; found 0");
  CHECK(fault_of(R"({"name": "repeater", "repeat": 2, "searcher": {"name": "tpee"}})") ==
        "s.json:1:79: searcher/searcher/name: unknown searcher \"tpee\"; did you mean \"tpe\"?");
  CHECK(fault_of(R"({"name": "repeater", "repeat": 0})") ==
        "s.json:1:20: searcher/searcher: is missing; it says which searcher to wrap, as in "
        "{\"name\": \"tpe\"}\n"
        "s.json:1:53: searcher/repeat: must be a whole number of at least 1; found 0");
  CHECK(fault_of(R"({"name": "concurrency_limiter", "searcher": {"name": "random"}})") ==
        "s.json:1:20: searcher/max_concurrent: is missing; it says how many trials at once");
}

TEST_CASE("what a wrapped searcher cannot do, is a fault of the study") {
  CHECK(faults_of(R"({"metric": ["a", "b"], "searcher": {"name": "repeater", "repeat": 2,
    "searcher": {"name": "cmaes"}}})")
            .starts_with("s.json:2:18: searcher/searcher/name: \"cmaes\" knows one metric, and the "
                         "study has 2; those for several: "));
  CHECK(faults_of(R"({"metric": "a", "space": {"x": {"uniform": [0, 1]}},
    "searcher": {"name": "repeater", "repeat": 2, "searcher": {"name": "grid"}}})")
            .starts_with("s.json:1:27: space/x: has no end of values"));
}
