#include "base/json.hpp"
#include "study/faults_of.hpp"

#include <troupe/searcher.hpp>

#include <doctest/doctest.h>

#include <set>
#include <stdexcept>
#include <string>
#include <vector>

using namespace troupe;

namespace {

study study_of(const std::string& space, const std::string& more = "") {
  return parse_study(R"({"metric": "loss", "searcher": {"name": "grid"}, "space": )" + space +
                         more + "}",
                     "s.json");
}

/// Returns what a searcher suggests until it is exhausted.
std::vector<std::string> all_of(const study& s) {
  const auto searcher = make_searcher(s);
  std::vector<std::string> all;
  for (trial_number n = 0; n < 100'000; ++n) {
    const auto made = searcher->suggest(n);
    if (std::holds_alternative<exhausted>(made)) break;
    all.push_back(to_text(std::get<config>(made)));
  }
  CHECK(std::holds_alternative<exhausted>(searcher->suggest(100'000)));
  return all;
}

using texts = std::vector<std::string>;

} // namespace

TEST_CASE("a grid has every combination once, the first path varying fastest") {
  CHECK(all_of(study_of(R"({"b": {"choice": ["x", "y"]}, "a": {"randint": [0, 3]}, "k": 7})")) ==
        texts{R"({"b": "x", "a": 0, "k": 7})", R"({"b": "x", "a": 1, "k": 7})",
              R"({"b": "x", "a": 2, "k": 7})", R"({"b": "y", "a": 0, "k": 7})",
              R"({"b": "y", "a": 1, "k": 7})", R"({"b": "y", "a": 2, "k": 7})"});
}

TEST_CASE("parameters without a place do not multiply, and those with one vary faster") {
  CHECK(all_of(study_of(R"({"a": {"choice": ["sgd", "adam"]},
                            "b": {"int": {"low": 1, "high": 3}, "when": {"a": "sgd"}},
                            "c": {"choice": [0, 1], "when": {"b": [3]}}})")) ==
        texts{R"({"a": "sgd", "b": 1})", R"({"a": "sgd", "b": 2})",
              R"({"a": "sgd", "b": 3, "c": 0})", R"({"a": "sgd", "b": 3, "c": 1})",
              R"({"a": "adam"})"});
}

TEST_CASE("a grid knows the values of every law that has an end of them") {
  const auto values = [](const std::string& law) {
    std::string all;
    for (const auto& c : all_of(study_of("{\"x\": " + law + "}")))
      all += c.substr(6, c.size() - 7) + " ";
    return all;
  };
  CHECK(values(R"({"choice": [1, "a", 1.0, null, "a"]})") == R"(1 "a" null )");
  CHECK(values(R"({"const": {"a": 1}})") == R"({"a": 1} )");
  CHECK(values(R"({"randint": [-1, 2]})") == "-1 0 1 ");
  CHECK(values(R"({"lograndint": [1, 4]})") == "1 2 3 ");
  CHECK(values(R"({"qrandint": [1, 9, 4]})") == "4 8 ");
  CHECK(values(R"({"qrandint": [1, 3, 1]})") == "1 2 ");
  CHECK(values(R"({"qlograndint": [1, 10, 5]})") == "5 10 ");
  CHECK(values(R"({"quniform": [-0.5, 0.5, 0.25]})") == "-0.5 -0.25 0.0 0.25 0.5 ");
  CHECK(values(R"({"qloguniform": [0.1, 0.3, 0.1]})") == "0.1 0.2 0.3 ");
  CHECK(values(R"({"float": {"low": 0, "high": 0.5, "step": 0.2}})") == "0.0 0.2 0.4 ");
  CHECK(values(R"({"float": {"low": 2, "high": 2}})") == "2.0 ");
  CHECK(values(R"({"int": {"low": 1, "high": 8, "step": 3}})") == "1 4 7 ");
  CHECK(values(R"({"int": {"low": 3, "high": 5, "log": true}})") == "3 4 5 ");
  CHECK(values(R"({"int": {"low": 9223372036854775805, "high": 9223372036854775807}})") ==
        "9223372036854775805 9223372036854775806 9223372036854775807 ");
  CHECK(values(R"({"grid_search": [1, {"choice": [2, 3]}, {"a": {"randint": [0, 2]}, "b": 5}]})") ==
        R"(1 2 3 {"a": 0, "b": 5} {"a": 1, "b": 5} )");
}

TEST_CASE("expressions follow from the parameters of a grid, and conditions may hang on them") {
  CHECK(all_of(study_of(R"({"n": {"randint": [0, 3]}, "w": {"expr": "2 ^ n"},
                            "more": {"choice": [0, 1], "when": {"w": 4}}})")) ==
        texts{R"({"n": 0, "w": 1})", R"({"n": 1, "w": 2})", R"({"n": 2, "w": 4, "more": 0})",
              R"({"n": 2, "w": 4, "more": 1})"});
}

TEST_CASE("functions of C++ programs see all else that a grid has chosen") {
  study s;
  s.metric = "loss";
  s.searcher.name = "grid";
  s.space.add("twice", sample_from{[](const config& c, random_stream&) {
                return boost::json::value(2 * param<int>(c, "n"));
              }});
  s.space.add("n", randint{0, 2});
  CHECK(all_of(s) == texts{R"({"twice": 0, "n": 0})", R"({"twice": 2, "n": 1})"});
}

TEST_CASE("points to evaluate come first, with the first values of the rest, and not again") {
  CHECK(all_of(study_of(R"({"a": {"choice": [0, 1]}, "b": {"choice": [5, 6]}})",
                        R"(, "points_to_evaluate": [{"a": 1}, {"a": 0.0, "b": 6}, {"a": 9}])")) ==
        texts{R"({"a": 1, "b": 5})", R"({"a": 0.0, "b": 6})", R"({"a": 9, "b": 5})",
              R"({"a": 0, "b": 5})", R"({"a": 1, "b": 6})"});
}

TEST_CASE("what was adopted is not suggested again") {
  const auto searcher = make_searcher(study_of(R"({"a": {"choice": [0, 1, 2]}})"));
  CHECK(std::get<config>(searcher->suggest(0)).at("a") == 0);
  searcher->adopt(1, {{"a", 1}});
  CHECK(std::get<config>(searcher->suggest(2)).at("a") == 2);
  CHECK(std::holds_alternative<exhausted>(searcher->suggest(3)));
}

TEST_CASE("a grid depends on neither the seed nor what trials report") {
  const auto space = R"({"a": {"choice": [0, 1]}, "b": {"randint": [0, 50]}})";
  CHECK(all_of(study_of(space, R"(, "seed": 1)")) == all_of(study_of(space, R"(, "seed": 2)")));
  const auto all = all_of(study_of(space));
  CHECK(all.size() == 100);
  CHECK(std::set(all.begin(), all.end()).size() == 100);
}

TEST_CASE("an empty space is a grid of one configuration") {
  CHECK(all_of(study_of("{}")) == texts{"{}"});
}

TEST_CASE("a parameter without an end of values is a fault of a study with a grid") {
  const auto faults = faults_of(R"({"metric": "loss", "searcher": {"name": "grid"}, "space": {
    "a": {"randint": [0, 3]},
    "b": {"uniform": [0, 1]},
    "c": {"d": {"float": {"low": 0, "high": 1}}},
    "e": {"randn": []},
    "f": {"expr": "uniform(0, 1) + 1"},
    "g": {"expr": "math.floor(a) + 1"}}})");
  const std::string endless = ": has no end of values, and a grid goes through all of them; give "
                              "it a step, or make it a choice\n";
  CHECK(faults == "s.json:3:5: space/b" + endless + "s.json:4:11: space/c/d" + endless +
                      "s.json:5:5: space/e" + endless +
                      "s.json:6:5: space/f: draws, and a grid needs to know all values; let it "
                      "compute from a parameter that has them");
  CHECK(faults_of(R"({"metric": "loss", "space": {"b": {"uniform": [0, 1]}}})") == "");
}

TEST_CASE("without a study file such a parameter is refused by name, as is an option") {
  study s;
  s.metric = "loss";
  s.searcher.name = "grid";
  s.space.add("x/lr", uniform{0, 1});
  CHECK_THROWS_WITH_AS(make_searcher(s),
                       doctest::Contains("parameter \"x/lr\": has no end of values"),
                       std::invalid_argument);
  s.space = search_space{};
  s.searcher.options = {{"search_space", 1}};
  CHECK_THROWS_WITH_AS(make_searcher(s), doctest::Contains("search_space: unknown key"),
                       std::invalid_argument);
}
