#include "study/faults_of.hpp"
#include "study/json.hpp"

#include <troupe/study.hpp>

#include <doctest/doctest.h>

using namespace troupe;

namespace {

search_space space_of(const std::string& space) {
  return parse_study("{\"metric\": \"loss\", \"space\": " + space + "}", "s.json").space;
}

/// The paths of the space, each with a letter for its law.
std::string outline(const std::string& space) {
  constexpr auto letters = std::string_view{"=ulrc"};
  std::string text;
  const auto s = space_of(space);
  for (const auto& e : s.entries())
    text += e.path + letters[e.domain.index()] + ' ';
  return text;
}

/// The faults of a space with the one parameter `lr`; its value stands after 1:30.
std::string faults(const std::string& lr) {
  return faults_with("\"space\": {\"lr\": " + lr + "}");
}

} // namespace

TEST_CASE("the laws of a space are read") {
  const auto space = space_of(R"({"u": {"uniform": [0, 1]}, "l": {"loguniform": [1e-4, 1e-1]},
    "r": {"randint": [-2, 9.0]}, "c": {"choice": [1, "a", null, [1], {"x": 1}]}, "k": 0.5})");
  CHECK(std::get<uniform>(*space.find("u")).high == 1.0);
  CHECK(std::get<loguniform>(*space.find("l")).low == 1e-4);
  CHECK(std::get<randint>(*space.find("r")).low == -2);
  CHECK(std::get<randint>(*space.find("r")).high == 9);
  CHECK(to_text(boost::json::array(std::get<choice>(*space.find("c")).values.begin(),
                                   std::get<choice>(*space.find("c")).values.end())) ==
        R"([1, "a", null, [1], {"x": 1}])");
  CHECK(std::get<constant>(*space.find("k")).value == 0.5);
}

TEST_CASE("nested objects and lists are read by the same rules") {
  CHECK(outline(R"({"optimizer": {"name": "sgd", "lr": {"uniform": [0, 1]}}, "b": 2})") ==
        "optimizer/name= optimizer/lru b= ");
  CHECK(outline(R"({"layers": [{"units": {"randint": [1, 9]}}, [], 3]})") ==
        "layers/0/unitsr layers/1= layers/2= ");
  CHECK(outline(R"({"shape": [1, [2, {"a": 3}]], "none": {}, "empty": []})") ==
        "shape= none= empty= ");
}

TEST_CASE("escapes keep objects from being taken for domains") {
  const auto space = space_of(R"({"a": {"const": {"uniform": [0, 1]}},
    "b": {"object": {"uniform": [0, 1], "choice": {"choice": [1, 2]}, "const": 3}},
    "c": [{"const": {"x": 1}}, {"object": {"int": 4}}]})");
  CHECK(to_text(std::get<constant>(*space.find("a")).value) == R"({"uniform": [0, 1]})");
  CHECK(to_text(sample(space, 0, 0))
            .starts_with(R"({"a": {"uniform": [0, 1]}, "b": {"uniform": )"
                         R"([0, 1], "choice": )"));
  CHECK(std::holds_alternative<choice>(*space.find("b/choice")));
  CHECK(to_text(std::get<constant>(*space.find("c/1/int")).value) == "4");
}

TEST_CASE("a space must be an object") {
  CHECK(faults_with(R"("space": [1])") ==
        R"(s.json:1:20: space: must be an object, as in {"lr": {"uniform": [0, 1]}}; found [1])");
}

TEST_CASE("domains that nothing can be drawn from are refused") {
  CHECK(faults(R"({"uniform": [1, 1]})") ==
        "s.json:1:37: space/lr/uniform: uniform needs low < high; found [1.0, 1.0]");
  CHECK(faults(R"({"uniform": [-1e308, 1e308]})") ==
        "s.json:1:37: space/lr/uniform: uniform needs a finite range; found [-1e+308, 1e+308]");
  CHECK(
      faults(R"({"loguniform": [0, 0.1]})") ==
      "s.json:1:37: space/lr/loguniform: loguniform needs finite 0 < low < high; found [0.0, 0.1]");
  CHECK(faults(R"({"loguniform": [0.1, 0.01]})").find("0 < low < high") != std::string::npos);
  CHECK(faults(R"({"randint": [3, 3]})") ==
        "s.json:1:37: space/lr/randint: randint needs low < high, as high itself is never drawn; "
        "found [3, 3]");
  CHECK(faults(R"({"choice": []})") ==
        "s.json:1:37: space/lr/choice: choice needs at least one value");
}

TEST_CASE("arguments of the wrong form say what they must be") {
  CHECK(faults(R"({"uniform": [0]})") ==
        "s.json:1:37: space/lr/uniform: must be [low, high], two numbers; found [0]");
  CHECK(faults(R"({"uniform": [0, "inf"]})") ==
        R"(s.json:1:37: space/lr/uniform: must be [low, high], two numbers; found [0, "inf"])");
  CHECK(faults(R"({"loguniform": 3})") ==
        "s.json:1:37: space/lr/loguniform: must be [low, high], two numbers; found 3");
  CHECK(faults(R"({"randint": [0.5, 3]})") ==
        "s.json:1:37: space/lr/randint: must be [low, high], two whole numbers; found [0.5, 3]");
  CHECK(faults(R"({"randint": [0, 9223372036854775808]})").find("whole") != std::string::npos);
  CHECK(faults(R"({"choice": {"a": 1}})") ==
        R"(s.json:1:37: space/lr/choice: must be a list of values; found {"a": 1})");
  CHECK(faults(R"({"object": 3})") == "s.json:1:37: space/lr/object: must be an object; found 3");
}

TEST_CASE("laws that are not there are refused, not taken for parameters") {
  for (const std::string law : {"quniform", "qloguniform", "randn", "qrandn", "qrandint",
                                "lograndint", "qlograndint", "grid_search", "float", "int", "expr"})
    CHECK(faults("{\"" + law + "\": [1, 2]}") ==
          "s.json:1:37: space/lr/" + law +
              ": unknown primitive; known: uniform, loguniform, randint, choice (for a parameter "
              "called " +
              law + " write {\"object\": {\"" + law + "\": …}})");
}

TEST_CASE("misspelt laws are found at any depth") {
  CHECK(faults(R"([1, {"a": {"choise": [1, 2]}}])") ==
        R"(s.json:1:47: space/lr/1/a/choise: unknown primitive; did you mean "choice"? (for a )"
        R"(parameter called choise write {"object": {"choise": …}}))");
  CHECK(faults(R"({"chosen": 3})").empty());
  CHECK(faults(R"({"choise": [1], "other": 2})").empty());
}

TEST_CASE("a domain has one key") {
  CHECK(faults(R"({"uniform": [0, 1], "when": {"x": 1}})") ==
        R"(s.json:1:56: space/lr/when: a domain has one key, and here is "uniform" already; for a )"
        R"(parameter called uniform write {"object": {"uniform": …}})");
  CHECK(faults(R"({"x": 1, "uniform": [0, 1]})").find("space/lr/x: a domain has one key") !=
        std::string::npos);
}

TEST_CASE("names that would be mistaken for paths are refused") {
  CHECK(
      faults_with(R"("space": {"a/b": 1})") ==
      "s.json:1:30: space/a/b: a name has no '/', which joins nested names; nest objects instead");
  CHECK(faults_with(R"("space": {"a": {"0": 1}})") ==
        "s.json:1:36: space/a/0: a number is no name, as it would stand for a list's element");
  CHECK(faults_with(R"("space": {"": 1})") == "s.json:1:30: space/: a parameter needs a name");
  CHECK(faults_with(R"("space": {"00": 1, "1a": 2})").empty());
}
