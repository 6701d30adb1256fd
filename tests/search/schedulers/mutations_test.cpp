#include "base/json.hpp"
#include "search/schedulers/mutations.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace troupe;

namespace {

/// Returns all texts that a configuration may become in 200 draws.
std::set<std::string> outcomes(std::string_view from, std::string_view mutations,
                               const exploration& how) {
  std::vector<option_problem> problems;
  const auto all = read_mutations(parse_json(mutations), problems);
  REQUIRE(problems.empty());
  std::set<std::string> found;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    random_stream random{seed, 0, "test"};
    found.insert(to_text(explore(parse_json(from).as_object(), all, how, random)));
  }
  return found;
}

using texts = std::set<std::string>;

const exploration never_resample{0, {1.2, 0.8}, false};
const exploration always_resample{1, {1.2, 0.8}, false};
const exploration keep{0, {1.2, 0.8}, true};

/// Returns what is wrong with mutations: "/path: problem".
std::string problem_of(std::string_view mutations) {
  std::vector<option_problem> problems;
  read_mutations(parse_json(mutations), problems);
  std::string said;
  for (const auto& p : problems)
    said += (said.empty() ? "" : "; ") + p.path.substr(20) + ": " + p.problem;
  return said;
}

} // namespace

TEST_CASE("a listed value steps to a neighbour, and stays at an end") {
  const auto list = R"({"n": [3, 4, 8, 10]})";
  CHECK(outcomes(R"({"n": 4})", list, never_resample) == texts{R"({"n": 3})", R"({"n": 8})"});
  CHECK(outcomes(R"({"n": 3})", list, never_resample) == texts{R"({"n": 3})", R"({"n": 4})"});
  CHECK(outcomes(R"({"n": 10})", list, never_resample) == texts{R"({"n": 10})", R"({"n": 8})"});
  CHECK(outcomes(R"({"n": 4.0})", list, never_resample) == texts{R"({"n": 3})", R"({"n": 8})"});
  CHECK(outcomes(R"({"n": "b"})", R"({"n": ["a", "b"]})", never_resample) ==
        texts{R"({"n": "a"})", R"({"n": "b"})"});
}

TEST_CASE("a value that is not listed, or resampled, becomes any that is") {
  const texts any{R"({"n": 3})", R"({"n": 4})", R"({"n": 8})"};
  CHECK(outcomes(R"({"n": 7})", R"({"n": [3, 4, 8]})", never_resample) == any);
  CHECK(outcomes(R"({"n": 4})", R"({"n": [3, 4, 8]})", always_resample) == any);
}

TEST_CASE("a value with a law is multiplied and keeps its kind") {
  const auto law = R"({"x": {"uniform": [0, 1]}})";
  CHECK(outcomes(R"({"x": 2.0})", law, never_resample) == texts{R"({"x": 2.4})", R"({"x": 1.6})"});
  CHECK(outcomes(R"({"x": 10})", law, never_resample) == texts{R"({"x": 12})", R"({"x": 8})"});
  CHECK(outcomes(R"({"x": true})", law, never_resample) == texts{R"({"x": true})"});
  CHECK(outcomes(R"({"x": 5})", law, {0, {0.5, 1.5}, false}) ==
        texts{R"({"x": 2})", R"({"x": 8})"});
  CHECK(outcomes(R"({"x": 2.0})", R"({"x": {"choice": [1, 4]}})", never_resample) ==
        texts{R"({"x": 2.4})", R"({"x": 1.6})"});
}

TEST_CASE("a value with a law is drawn with the resample probability, or if it is no number") {
  const auto law = R"({"x": {"randint": [5, 7]}})";
  CHECK(outcomes(R"({"x": 100})", law, always_resample) == texts{R"({"x": 5})", R"({"x": 6})"});
  CHECK(outcomes(R"({"x": 100.0})", law, always_resample) ==
        texts{R"({"x": 5.0})", R"({"x": 6.0})"});
  CHECK(outcomes(R"({"x": "off"})", law, never_resample) == texts{R"({"x": 5})", R"({"x": 6})"});
  CHECK(outcomes(R"({"x": 100})", law, {0.5, {1.2}, false}) ==
        texts{R"({"x": 120})", R"({"x": 5})", R"({"x": 6})"});
}

TEST_CASE("nested parameters change, absent ones and others stay") {
  CHECK(outcomes(R"({"a": {"b": 10, "c": [1, 2]}, "d": 1})",
                 R"({"a": {"b": {"uniform": [0, 1]}, "e": [7]}, "a/c/1": [9]})",
                 {0, {2}, false}) == texts{R"({"a": {"b": 20, "c": [1, 9]}, "d": 1})"});
}

TEST_CASE("wrong mutations are refused where they stand") {
  CHECK(problem_of("{}").starts_with(": must name what to change"));
  CHECK(problem_of("[1]").ends_with("found [1]"));
  CHECK(problem_of(R"({"a": {"b": 3}})").starts_with("/a/b: must be a list of values, or a law"));
  CHECK(problem_of(R"({"a": [], "b": {}})")
            .starts_with("/a: must have at least one value; /b: must"));
  CHECK(problem_of(R"({"a": {"uniform": [0]}})") ==
        "/a/uniform: must be [low, high], two numbers; found [0]");
  CHECK(problem_of(R"({"a": {"uniform": [1, 0]}})").starts_with("/a/uniform: "));
  CHECK(problem_of(R"({"a": {"grid_search": [1, 2]}})").starts_with("/a/grid_search: is no law"));
  CHECK(problem_of(R"({"a": {"expr": "1"}})").starts_with("/a/expr: is no law"));
}

TEST_CASE("bounds are kept: a product becomes the nearest number that its law can give") {
  const auto around = [](const char* law, double x) {
    const auto from = to_text(boost::json::object{{"x", x}});
    return outcomes(from, std::string{R"({"x": )"} + law + "}", keep);
  };
  CHECK(around(R"({"uniform": [0, 1]})", 0.9) ==
        texts{R"({"x": 0.7200000000000001})", R"({"x": 0.9999999999999999})"});
  CHECK(around(R"({"loguniform": [0.25, 8]})", 0.25) == texts{R"({"x": 0.25})", R"({"x": 0.3})"});
  CHECK(around(R"({"float": {"low": 0.1, "high": 0.4, "step": 0.1}})", 0.3) ==
        texts{R"({"x": 0.2})", R"({"x": 0.4})"});
  CHECK(around(R"({"quniform": [0, 1, 0.5]})", 1) == texts{R"({"x": 1.0})"});
  CHECK(around(R"({"randint": [1, 10]})", 9) == texts{R"({"x": 7.0})", R"({"x": 9.0})"});
  CHECK(around(R"({"randn": [0, 1]})", 5) == texts{R"({"x": 4.0})", R"({"x": 6.0})"});
  CHECK(around(R"({"qrandn": [0, 1, 2]})", 5) == texts{R"({"x": 4.0})", R"({"x": 6.0})"});
  CHECK(around(R"({"uniform": [0, 1]})", 7) == texts{R"({"x": 0.9999999999999999})"});
}

TEST_CASE("bounds are kept: a choice is stepped along") {
  const auto sizes = R"({"x": {"choice": [16, 32, 64]}})";
  CHECK(outcomes(R"({"x": 32})", sizes, keep) == texts{R"({"x": 16})", R"({"x": 64})"});
  CHECK(outcomes(R"({"x": 38})", sizes, keep) ==
        texts{R"({"x": 16})", R"({"x": 32})", R"({"x": 64})"});
  CHECK(outcomes(R"({"x": "a"})", R"({"x": {"choice": ["a", "b"]}})", keep) ==
        texts{R"({"x": "a"})", R"({"x": "b"})"});
}
