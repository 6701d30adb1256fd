#include "base/json.hpp"
#include "search/space/space_json.hpp"
#include "study/faults_of.hpp"
#include "study/former_space.hpp"

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
    "b": {"object": {"uniform": {"const": [0, 1]}, "choice": {"choice": [1, 2]}, "const": 3}},
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

TEST_CASE("the arguments of the other laws are checked likewise") {
  const auto wrong = [](const std::string& law, const std::string& argument) {
    const auto text = faults("{\"" + law + "\": " + argument + "}");
    const auto start = "s.json:1:37: space/lr/" + law + ": ";
    REQUIRE(text.starts_with(start));
    return text.substr(start.size());
  };
  CHECK(wrong("quniform", "[0, 1]") == "must be [low, high, q], three numbers; found [0, 1]");
  CHECK(wrong("qloguniform", R"([1, "2", 1])").find("three numbers") != std::string::npos);
  CHECK(wrong("randn", "[0]") == "must be [mean, sd], two numbers, or [] for [0, 1]; found [0]");
  CHECK(wrong("qrandn", "[0, 1]") == "must be [mean, sd, q], three numbers; found [0, 1]");
  CHECK(wrong("qrandint", "[0, 9, 0.5]") ==
        "must be [low, high, q], three whole numbers; found [0, 9, 0.5]");
  CHECK(wrong("lograndint", "[1, null]").find("two whole numbers") != std::string::npos);
  CHECK(wrong("qlograndint", "5").find("three whole numbers") != std::string::npos);
  CHECK(wrong("grid_search", "5") == "must be a list of values; found 5");
  CHECK(wrong("grid_search", "[]") == "grid_search needs at least one value");
  CHECK(wrong("float", R"({"low": 1})") ==
        R"(must be {"low": NUMBER, "high": NUMBER} and perhaps "step": NUMBER or "log": true; )"
        R"(found {"low": 1})");
  for (const auto* argument :
       {R"({"low": 1, "high": 2, "hihg": 3})", R"([1, 2])", R"({"low": 1, "high": 2, "log": 1})",
        R"({"low": "1", "high": 2})"}) {
    CHECK(wrong("float", argument).find("must be {") == 0);
    CHECK(wrong("int", argument).find("must be {") == 0);
  }
  CHECK(wrong("int", R"({"low": 1, "high": 2.5})").find("must be {") == 0);
  CHECK(wrong("float", R"({"low": 2, "high": 1})") ==
        "float needs finite low <= high; found [2.0, 1.0]");
  CHECK(wrong("expr", "3") == R"x(must be a text, as in "2 ^ randint(2, 9)"; found 3)x");
  CHECK(wrong("expr", R"("")") == "an expression cannot be empty");
  CHECK(wrong("expr", R"("2 +")").find("not an expression in Lua: ") == 0);
  CHECK(wrong("expr", R"("lrr * 2")") == R"(unknown name "lrr"; did you mean "lr"?)");
  CHECK(wrong("sample_from", "[]").find("unknown primitive; known: uniform, loguniform") == 0);
}

TEST_CASE("all laws are read as they are written") {
  const auto space = space_of(R"({
    "q": {"quniform": [0, 1, 0.25]}, "ql": {"qloguniform": [1, 4, 0.5]}, "n": {"randn": []},
    "m": {"randn": [1, 2]}, "qn": {"qrandn": [1, 2, 3]}, "qi": {"qrandint": [0, 9, 3]},
    "li": {"lograndint": [1, 9]}, "qli": {"qlograndint": [2, 8, 2]}, "g": {"grid_search": [1, 2]},
    "f": {"float": {"low": 0, "high": 1, "step": 0.5}}, "i": {"int": {"high": 9, "low": 1,
    "log": true}}, "e": {"expr": "2 ^ i"}})");
  CHECK(std::get<quniform>(*space.find("q")).q == 0.25);
  CHECK(std::get<qloguniform>(*space.find("ql")).high == 4);
  CHECK(std::get<randn>(*space.find("n")).sd == 1);
  CHECK(std::get<randn>(*space.find("m")).mean == 1);
  CHECK(std::get<qrandn>(*space.find("qn")).q == 3);
  CHECK(std::get<qrandint>(*space.find("qi")).q == 3);
  CHECK(std::get<lograndint>(*space.find("li")).high == 9);
  CHECK(std::get<qlograndint>(*space.find("qli")).low == 2);
  CHECK(std::get<grid_search>(*space.find("g")).values.size() == 2);
  CHECK(std::get<float_range>(*space.find("f")).step == 0.5);
  CHECK(std::get<int_range>(*space.find("i")).high == 9);
  CHECK(std::get<int_range>(*space.find("i")).log);
  CHECK(std::get<expression>(*space.find("e")).text == "2 ^ i");
}

TEST_CASE("conditions are read beside a law, a constant or an object") {
  const auto space = space_of(R"({"k": {"choice": ["a", "b", [1]]},
    "x": {"uniform": [0, 1], "when": {"k": "a"}},
    "y": {"when": {"k": ["a", "b"]}, "const": 3},
    "o": {"object": {"p": 1, "q": {"uniform": [0, 1], "when": {"k": [[1]]}}}, "when": {"k": "b"}},
    "z": {"when": {"k": "a"}}})");
  const auto when = [&](std::string_view path) {
    std::string text;
    for (const auto& e : space.entries())
      if (e.path == path)
        for (const auto& c : e.when)
          text += c.path + to_text(boost::json::array(c.values.begin(), c.values.end()));
    return text;
  };
  CHECK(when("k").empty());
  CHECK(when("x") == R"(k["a"])");
  CHECK(when("y") == R"(k["a", "b"])");
  CHECK(when("o/p") == R"(k["b"])");
  CHECK(when("o/q") == R"(k["b"]k[[1]])");
  CHECK(when("z/when/k").empty());
}

TEST_CASE("conditions that are wrong are refused where they stand") {
  CHECK(faults(R"({"uniform": [0, 1], "when": 3})") ==
        R"(s.json:1:56: space/lr/when: must be an object, as in {"optimizer": "adam"} or )"
        R"({"optimizer": ["adam", "sgd"]}; found 3)");
  CHECK(faults(R"({"uniform": [0, 1], "when": {}})").find("space/lr/when: must be an object") !=
        std::string::npos);
  CHECK(faults(R"({"uniform": [0, 1], "when": {"x": 1}})") ==
        "s.json:1:65: space/lr/when/x: unknown parameter; known: lr");
  CHECK(faults(R"({"uniform": [0, 1], "when": {"lr": 0.5}})").find("in a circle") !=
        std::string::npos);
  CHECK(faults(R"({"uniform": [0, 1], "when": {"lr": []}})") ==
        "s.json:1:56: space/lr/when: the condition on \"lr\" needs at least one value");
  CHECK(faults(R"({"grid_search": [0, 1], "when": {"lr": 1}})").find("all of a grid is tried") !=
        std::string::npos);
  CHECK(faults(R"([1, {"uniform": [0, 1], "when": {"lr": 1}}])")
            .find("space/lr/1/when: an element of a list cannot be absent") != std::string::npos);
  CHECK(faults_with(R"("space": {"k": {"choice": ["a", "b"]},
"o": {"object": {"p": 1}, "when": {"k": "c"}}})") ==
        "s.json:2:36: space/o/when/k: \"k\" is never the text \"c\"");
}

TEST_CASE("inside a grid's values everything is read by the same rules") {
  CHECK(
      faults(R"({"grid_search": [1, {"x": {"uniform": [1, 0]}}]})") ==
      "s.json:1:63: space/lr/grid_search/1/x/uniform: uniform needs low < high; found [1.0, 0.0]");
  CHECK(faults(R"({"grid_search": [{"x": {"expr": "1"}}]})").find("there is no expression") !=
        std::string::npos);
  CHECK(faults(R"({"grid_search": [{"k": 1, "x": {"const": 1, "when": {"k": 1}}}]})")
            .find("there is no expression, function or condition") != std::string::npos);
}

TEST_CASE("misspelt laws are found at any depth") {
  CHECK(faults(R"([1, {"a": {"choise": [1, 2]}}])") ==
        R"(s.json:1:47: space/lr/1/a/choise: unknown primitive; did you mean "choice"? (for a )"
        R"(parameter called choise write {"object": {"choise": …}}))");
  CHECK(faults(R"({"chosen": 3})").empty());
  CHECK(faults(R"({"choise": {"const": [1]}, "other": 2})").empty());
}

TEST_CASE("an element with a fault does not keep those after it from being read") {
  CHECK(faults_of(R"({"metric": "m", "space": {"a": [{"uniform": [1, 0]}, {"b/c": {"randn": []}},
  {"uniform": [0, 1]}, {"randint": [5, 5]}]}})") ==
        "s.json:1:34: space/a/0/uniform: uniform needs low < high; found [1.0, 0.0]\n"
        "s.json:1:55: space/a/1/b/c: a name has no '/', which joins nested names; nest objects "
        "instead\n"
        "s.json:2:25: space/a/3/randint: randint needs low < high, as high itself is never drawn; "
        "found [5, 5]");
}

TEST_CASE("a domain has one key") {
  CHECK(faults(R"({"uniform": [0, 1], "choice": [1]})") ==
        R"(s.json:1:56: space/lr/choice: a domain has one key, and perhaps "when", and here is )"
        R"("uniform" already; for a parameter called uniform write {"object": {"uniform": …}})");
  CHECK(faults(R"({"uniform": [0, 1], "when": {}, "x": 1})").find("space/lr/x: a domain has one") !=
        std::string::npos);
  CHECK(faults(R"({"unifrom": [0, 1], "when": {"x": 1}})").find("did you mean \"uniform\"?") !=
        std::string::npos);
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

TEST_CASE("a list of values is a choice or a list, and must say which") {
  CHECK(faults("[8, 16]") ==
        R"(s.json:1:30: space/lr: is a list: for one of its values write {"choice": [8, 16]}, )"
        R"(for the list itself {"const": [8, 16]})");
  CHECK(faults(R"(["sgd", "adam"])").find(R"({"choice": ["sgd", "adam"]})") != std::string::npos);
  CHECK(faults("[1, 2, 3, 4, 5, 6, 7, 8, 9]").find(R"({"choice": […]})") != std::string::npos);
  CHECK(faults(R"({"nested": [true]})").find("space/lr/nested: is a list") != std::string::npos);
  CHECK(faults(R"({"const": [8, 16]})").empty());
  CHECK(faults(R"([{"uniform": [0, 1]}, [8, 16]])").empty());
  const auto space = space_of(R"({"l": {"const": [8, 16]}})");
  CHECK(to_text(sample(space, 0, 0)) == R"({"l": [8, 16]})");
  CHECK(to_text(to_json(space)) == R"({"l": {"const": [8, 16]}})");
}

TEST_CASE("a domain as other tools write it is not taken for constants") {
  const auto said = faults(R"({"type": "float", "low": 0, "high": 1})");
  CHECK(said.find("space/lr/type: is not how a domain is written") != std::string::npos);
  CHECK(said.find(R"({"object": {"type": …}})") != std::string::npos);
  for (const auto* written :
       {R"({"type": "categorical", "choices": ["a", "b"]})",
        R"({"_type": "uniform", "_value": [0, 1]})", R"({"distribution": "normal", "min": 0})",
        R"([{"type": "int", "min": 1, "max": 3}])",
        R"({"grid_search": [{"type": "int", "low": 1}]})"})
    CHECK(faults(written).find("is not how a domain is written") != std::string::npos);
  CHECK(faults(R"({"type": "conv", "low": 0})").empty());
  CHECK(faults(R"({"type": "float"})").empty());
  const auto space = space_of(R"({"o": {"object": {"type": "float", "low": 0}}})");
  CHECK(to_text(sample(space, 0, 0)) == R"({"o": {"type": "float", "low": 0}})");
  CHECK(to_text(to_json(space)) == R"({"o": {"object": {"type": "float", "low": 0}}})");
}

TEST_CASE("a former space says what it was, once") {
  const auto now = [](const char* former) { return to_text(with_escapes(parse_json(former))); };
  CHECK(
      now(R"({"l": [1, 2], "x": {"uniform": [0, 1]}, "o": {"m": [3], "k": 4}})") ==
      R"({"l": {"const": [1, 2]}, "x": {"uniform": [0, 1]}, "o": {"m": {"const": [3]}, "k": 4}})");
  CHECK(now(R"({"o": {"type": "int", "low": [1]}})") ==
        R"({"o": {"object": {"type": "int", "low": {"const": [1]}}}})");
  CHECK(now(R"({"o": {"object": {"choice": [1]}}})") ==
        R"({"o": {"object": {"choice": {"const": [1]}}}})");
  CHECK(now(R"([{"a": [1]}, {"choice": [1]}])") == R"([{"a": {"const": [1]}}, {"choice": [1]}])");
  for (const auto* said : {R"({"c": {"choice": [8, 16]}})", R"({"c": {"const": [8, 16]}})",
                           R"({"e": [], "m": [1, [2]]})", "[1]"})
    CHECK(now(said) == said);
}
