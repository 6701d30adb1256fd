#include "faults_of.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

// Costs grow in proportion to a study file: see large_space_test.cpp.

namespace {

std::string number(int i) {
  return std::to_string(i);
}

/// A study with this space.
std::string with_space(const std::string& space) {
  return R"({"metric": "loss", "space": {)" + space + "}}";
}

std::string listed(int count, auto item) {
  std::string text;
  for (int i = 0; i < count; ++i)
    text += (i == 0 ? std::string{} : ", ") + item(i);
  return text;
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

} // namespace

TEST_CASE("a study of very many constants is read") {
  CHECK(faults_of(with_space(listed(40'000, [](int i) { return "\"p" + number(i) + "\": 1"; }))) ==
        "");
}

TEST_CASE("a study with a very long chain of conditions is read") {
  CHECK(faults_of(with_space("\"p0\": 1, " + listed(40'000, [](int i) {
                               return "\"p" + number(i + 1) + R"(": {"const": 1, "when": {"p)" +
                                      number(i) + "\": 1}}";
                             }))) == "");
}

TEST_CASE("conditions of an object count for each parameter in it, up to a limit") {
  const auto with = [](int parameters, int values) {
    return faults_of(with_space(
        R"("c": 1, "o": {"object": {)" +
        listed(parameters, [](int i) { return "\"p" + number(i) + "\": 1"; }) +
        R"(}, "when": {"c": [)" + listed(values, [](int i) { return number(i); }) + "]}}"));
  };
  CHECK(with(1000, 900) == "");
  CHECK(first_line(with(2000, 900)).find("name more than 1000000 values") != std::string::npos);
}

TEST_CASE("a very long name is refused where it stands") {
  const auto name = std::string(4'000'000, 'x');
  CHECK(faults_of("{\"metric\": \"loss\",\n \"" + name + "\": 1}").substr(0, 140) ==
        "s.json:2:2: not JSON: a name that is too long: with those around it, it may have 1000 "
        "characters; found 4000001");
  CHECK(faults_of(R"({"metric": "loss", "searcher": {"name": ")" + name + "\"}}").size() <
        9'000'000);
  CHECK(faults_of(R"({"metric": "loss", "seed": ")" + name + "\"}").size() < 500);
}

TEST_CASE("very many unknown keys are each told") {
  const auto faults =
      faults_of("{\"metric\": \"loss\", " +
                listed(5000, [](int i) { return "\"k" + number(i) + "\": 1"; }) + "}");
  CHECK(std::count(faults.begin(), faults.end(), '\n') == 4999);
}

TEST_CASE("points to evaluate are limited by what searchers keep of them") {
  const auto with = [](int parameters, int points) {
    return faults_of(R"({"metric": "loss", "space": {)" +
                     listed(parameters, [](int i) { return "\"p" + number(i) + "\": 1"; }) +
                     R"(}, "points_to_evaluate": [)" + listed(points, [](int) { return "{}"; }) +
                     "]}");
  };
  CHECK(with(1000, 1000) == "");
  CHECK(with(20'000, 20'000)
            .find("points times parameters may be 1000000; found 20000 times 20000") !=
        std::string::npos);
}

TEST_CASE("a study file may begin with a byte order mark") {
  CHECK(faults_of("\xEF\xBB\xBF{\"metric\": \"loss\"}") == "");
  CHECK(faults_of("\xEF\xBB\xBF{\"metric\": \"loss\", \"seed\": -1}").find("s.json:1:20: seed: ") ==
        0);
  CHECK(faults_of("{\xEF\xBB\xBF\"metric\": \"loss\"}") != "");
}

TEST_CASE("a study's name fits a folder's") {
  CHECK(faults_with("\"name\": \"" + std::string(200, 'n') + "\"") == "");
  CHECK(faults_with("\"name\": \"" + std::string(300, 'n') + "\"") ==
        "s.json:1:20: name: must do as the name of a folder: at most 200 bytes; found 300");
}

TEST_CASE("an option of the command line goes no deeper than a file can") {
  std::string deep = "space";
  for (int i = 0; i < 30'000; ++i)
    deep += "/a";
  const auto faults = faults_of(R"({"metric": "loss"})", {deep + "=1"});
  CHECK(faults.find("goes deeper than 64 levels") != std::string::npos);
  CHECK(faults.size() < 300);
}
