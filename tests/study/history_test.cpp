#include "base/json.hpp"
#include "study/history.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

using namespace troupe;

namespace {

const study constrained = [] {
  study s;
  s.metric = "loss";
  s.constraints = {"memory"};
  return s;
}();

past_trial read(const std::string& line) {
  return read_past_trial(parse_json(line).get_object(), constrained);
}

} // namespace

TEST_CASE("a past trial has the constraints that its line gives, else none") {
  CHECK(read(R"({"number": 0, "state": "COMPLETE", "params": {}, "value": 1, "constraints": [2]})")
            .constraints == std::vector{2.0});
  CHECK(
      read(R"({"number": 0, "state": "COMPLETE", "params": {}, "value": 1})").constraints.empty());
  CHECK(read(R"({"number": 0, "state": "PRUNED", "params": {}})").constraints.empty());
}

TEST_CASE("a past trial's number is from 0 to 9999999") {
  const auto numbered = [](const std::string& number) {
    return read(R"({"number": )" + number + R"(, "state": "RUNNING", "params": {}})").number;
  };
  CHECK(numbered("9999999") == 9'999'999);
  for (const char* wrong : {"10000000", "4294967294", "-1", "1.5"})
    CHECK_THROWS_WITH_AS(numbered(wrong),
                         doctest::Contains("number: must be a trial's number, from 0 to 9999999"),
                         std::invalid_argument);
}

TEST_CASE(
    "lists in the parameters of a past trial have no large gaps, and nothing is nested endlessly") {
  const auto with = [](const std::string& params) {
    return read(R"({"number": 0, "state": "FAIL", "params": )" + params + "}").params;
  };
  CHECK(to_text(with(R"({"a/1": 2, "a/0": 1, "b/x/0": 3})")) ==
        R"({"a": [1, 2], "b": {"x": [3]}})");
  for (const char* hurts :
       {R"({"a/4000000000": 1})", R"({"a/99999999999999999999": {}, "b/5000": 1})",
        R"({"a/900": 1, "b/900": 1})"})
    CHECK_THROWS_WITH_AS(with(hurts), doctest::Contains("params: must be without gaps in lists"),
                         std::invalid_argument);
  std::string deep = "a";
  for (int i = 0; i < 100'000; ++i)
    deep += "/a";
  CHECK_THROWS_WITH_AS(with("{\"" + deep + "\": 1}"), doctest::Contains("nested at most 64 deep"),
                       std::invalid_argument);
}

TEST_CASE("steps of a past trial's reports have a limit, so that they can be counted on") {
  const auto with = [](const std::string& step) {
    return read(R"({"number": 0, "state": "FAIL", "params": {}, "intermediate": {")" + step +
                R"(": 1}})");
  };
  CHECK(with("1000000000").reports[0].step == 1'000'000'000);
  for (const char* wrong : {"1000000001", "2147483647", "2147483648", "-2000000000", "x"})
    CHECK_THROWS_WITH_AS(with(wrong), doctest::Contains("intermediate: must be named by steps"),
                         std::invalid_argument);
}

TEST_CASE("trials that were stopped without values teach every searcher what they can") {
  for (const std::string searcher :
       {R"({"name": "tpe", "n_startup_trials": 1})", R"({"name": "nsga2", "population_size": 2})",
        R"({"name": "repeater", "repeat": 1, "searcher": {"name": "tpe"}})",
        R"({"name": "random"})"}) {
    CAPTURE(searcher);
    const auto s = parse_study(R"({"space": {"x": {"uniform": [0, 1]}}, "metric": ["a", "b"],
                                  "constraints": ["size"], "searcher": )" +
                                   searcher + "}",
                               "s.json");
    std::vector<past_trial> history;
    for (int n = 0; n < 40; ++n) {
      const std::string state = n % 4 == 0 ? "COMPLETE" : n % 4 == 1 ? "FAIL" : "PRUNED";
      std::string line = R"({"number": )" + std::to_string(n) + R"(, "state": ")" + state +
                         R"(", "params": {"x": 0.5})";
      if (n % 4 == 0) line += R"(, "values": [0.5, "nan"])";
      if (n % 4 == 3) line += R"(, "intermediate": {"1": 0.5})";
      if (n % 3 == 0) line += R"(, "constraints": [-1])";
      history.push_back(read_past_trial(parse_json(line + "}").get_object(), s));
    }
    const auto learns = make_searcher(s);
    teach(*learns, history);
    CHECK(std::holds_alternative<config>(learns->suggest(40)));
  }
}
