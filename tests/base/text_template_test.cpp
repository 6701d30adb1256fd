#include "base/json.hpp"
#include "base/text_template.hpp"

#include <troupe/random.hpp>

#include <doctest/doctest.h>

#include <charconv>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

using namespace troupe;

namespace {

std::string filled(std::string_view text, const std::string& config_text) {
  return text_template{text}.fill(parse_json(config_text).get_object(), "00003");
}

/// Writes a text so that it stands for itself.
std::string literal(std::string_view text) {
  std::string out;
  for (const char c : text)
    out += c == '{' || c == '}' ? std::string(2, c) : std::string{c};
  return out;
}

} // namespace

TEST_CASE("parameters stand in arguments as a whole or as a part, by path") {
  CHECK(filled("{lr}", R"({"lr": 0.1})") == "0.1");
  CHECK(filled("--lr={lr},{opt/name}", R"({"lr": 1e-5, "opt": {"name": "sgd"}})") ==
        "--lr=1e-05,sgd");
  CHECK(filled("{layers/1}", R"({"layers": [3, 4]})") == "4");
  CHECK(text_template{"a{x}b{y/z}"}.parameters() == std::vector<std::string>{"x", "y/z"});
}

TEST_CASE("the trial's id stands in arguments, and is no parameter") {
  CHECK(filled("runs/{TROUPE_TRIAL}.csv", "{}") == "runs/00003.csv");
  CHECK(text_template{"{TROUPE_TRIAL}{x}"}.parameters() == std::vector<std::string>{"x"});
  CHECK(text_template{"{TROUPE_TRIAL}{x}"}.has_trial());
  CHECK(!text_template{"TROUPE_TRIAL{x}"}.has_trial());
}

TEST_CASE("values of every kind have one text") {
  CHECK(filled("{v}", R"({"v": true})") == "true");
  CHECK(filled("{v}", R"({"v": null})") == "null");
  CHECK(filled("{v}", R"({"v": "a b'{x}"})") == "a b'{x}");
  CHECK(filled("{v}", R"({"v": [1, "a"]})") == R"([1, "a"])");
  CHECK(filled("{v}", R"({"v": {"a": 1.0}})") == R"({"a": 1.0})");
  CHECK(filled("{v}", R"({"v": 18446744073709551615})") == "18446744073709551615");
}

TEST_CASE("a parameter that is absent is an empty text") {
  CHECK(filled("[{v}]", "{}") == "[]");
  CHECK(filled("[{v/w}]", R"({"v": 1})") == "[]");
}

TEST_CASE("braces without a counterpart or a name are refused") {
  for (const auto* text : {"{", "}", "a{b", "a}b", "{a{b}", "{}", "{{}", "{a}}"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(text_template{text}, std::invalid_argument);
  }
}

TEST_CASE("a NUL can stand in no argument") {
  using namespace std::string_literals;
  CHECK_THROWS_AS(text_template{"a\0b"s}, std::invalid_argument);
  const config c{{"v", "a\0b"s}};
  CHECK_THROWS_WITH_AS(text_template{"{v}"}.fill(c, "00003"),
                       "parameter \"v\" has a NUL, which no argument of a command can have",
                       std::invalid_argument);
}

TEST_CASE("numbers in arguments read back exactly") {
  random_stream draw{1, 2, "numbers"};
  for (int i = 0; i < 2000; ++i) {
    const auto bits = draw();
    double x = 0;
    static_assert(sizeof bits == sizeof x);
    std::memcpy(&x, &bits, sizeof x);
    if (!std::isfinite(x)) continue;
    const auto text = argument_text(x);
    double back = 0;
    std::from_chars(text.data(), text.data() + text.size(), back);
    CHECK(back == x);
  }
}

TEST_CASE("any text can be written as an argument, with any value between") {
  random_stream draw{3, 4, "texts"};
  const std::string letters = "{}a/$ \"";
  const auto text = [&] {
    std::string out;
    for (auto left = draw() % 9; left > 0; --left)
      out += letters[draw() % letters.size()];
    return out;
  };
  for (int i = 0; i < 2000; ++i) {
    const auto before = text();
    const auto value = text();
    const auto after = text();
    const auto written = literal(before) + "{v}" + literal(after);
    CAPTURE(written);
    CHECK(text_template{literal(before)}.fill({}, "") == before);
    // "{{{v}" is a brace and a parameter, "{v}}}" a parameter and a brace.
    CHECK(text_template{written}.fill({{"v", value}}, "") == before + value + after);
  }
}
