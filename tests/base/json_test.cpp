#include "base/json.hpp"

#include <troupe/random.hpp>

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <limits>

using namespace troupe;

namespace {

/// Returns "line:column: problem" for a text that is not JSON.
std::string problem_of(std::string_view text) {
  try {
    parse_document(text);
    return "none";
  } catch (const json_error& e) {
    return std::to_string(e.at.line) + ':' + std::to_string(e.at.column) + ": " + e.what();
  }
}

std::string rewritten(std::string_view text) {
  return to_text(parse_json(text));
}

} // namespace

TEST_CASE("a million random doubles read back bit for bit") {
  auto random = random_stream{1, 0, "doubles"};
  std::size_t wrong = 0;
  for (int batch = 0; batch < 1000; ++batch) {
    boost::json::array list;
    while (list.size() < 1000)
      if (const auto x = std::bit_cast<double>(random()); std::isfinite(x)) list.emplace_back(x);
    const auto back = parse_json(to_text(list));
    for (std::size_t i = 0; i < list.size(); ++i) {
      const auto* x = back.at(i).if_double();
      if (!x ||
          std::bit_cast<std::uint64_t>(*x) != std::bit_cast<std::uint64_t>(list[i].get_double()))
        ++wrong;
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("doubles look as in Python") {
  CHECK(to_text(0.1) == "0.1");
  CHECK(to_text(16.0) == "16.0");
  CHECK(to_text(-0.0) == "-0.0");
  CHECK(to_text(0.0001) == "0.0001");
  CHECK(to_text(0.00012345) == "0.00012345");
  CHECK(to_text(0.00001) == "1e-05");
  CHECK(to_text(0.000012345) == "1.2345e-05");
  CHECK(to_text(1e15) == "1000000000000000.0");
  CHECK(to_text(9999999999999998.0) == "9999999999999998.0");
  CHECK(to_text(1e16) == "1e+16");
  CHECK(to_text(-1.5e300) == "-1.5e+300");
  CHECK(to_text(5e-324) == "5e-324");
  CHECK(to_text(std::numeric_limits<double>::max()) == "1.7976931348623157e+308");
  CHECK(to_text(std::nan("")) == "nan");
  CHECK(to_text(-std::numeric_limits<double>::infinity()) == "-inf");
}

TEST_CASE("integers stay integers as long as they fit") {
  CHECK(parse_json("-9223372036854775808").get_int64() == std::numeric_limits<std::int64_t>::min());
  CHECK(parse_json("9223372036854775807").get_int64() == std::numeric_limits<std::int64_t>::max());
  CHECK(parse_json("18446744073709551615").get_uint64() ==
        std::numeric_limits<std::uint64_t>::max());
  CHECK(parse_json("18446744073709551616").get_double() == 0x1p64);
  CHECK(parse_json("-9223372036854775809").get_double() == -0x1p63);
  CHECK(parse_json("1e0").get_double() == 1.0);
  CHECK(parse_json("3.0").get_double() == 3.0);
}

TEST_CASE("a number below the smallest double is zero, one above the largest is refused") {
  CHECK(rewritten("1e-400") == "0.0");
  CHECK(rewritten("-1e-400") == "-0.0");
  CHECK(problem_of("1e400") == "1:6: a number beyond the range of a double");
}

TEST_CASE("numbers that are not finite are written as strings and read as numbers") {
  const auto infinity = std::numeric_limits<double>::infinity();
  CHECK(to_text(boost::json::value(infinity)) == "\"inf\"");
  CHECK(to_text(number(-infinity)) == "\"-inf\"");
  CHECK(std::isnan(as_number(parse_json(to_text(number(std::nan("")))))));
  CHECK(as_number(parse_json("\"-inf\"")) == -infinity);
  CHECK(as_number(parse_json("18446744073709551615")) == 0x1p64);
  CHECK(as_number(parse_json("3")) == 3.0);
  CHECK_THROWS_WITH_AS(as_number(parse_json("\"high\"")),
                       R"("high" is not a number, "nan", "inf" or "-inf")", std::invalid_argument);
}

TEST_CASE("one line of JSON has spaces as Python prints them") {
  CHECK(rewritten(R"({"a":[1,2.50,"x",null,true],"b":{},"c":[]})") ==
        R"({"a": [1, 2.5, "x", null, true], "b": {}, "c": []})");
}

TEST_CASE("strings are escaped, and stay as they are") {
  auto all = std::string{"\"\\/ \xC3\xA9 \xF0\x9F\x8E\xAD \x7F"};
  for (char c = 0; c < ' '; ++c)
    all += c;
  const auto text = to_text(boost::json::value(all));
  CHECK(std::string_view{parse_json(text).get_string()} == all);
  CHECK(text.find("\\n") != text.npos);
  CHECK(text.find("\\u0001") != text.npos);
  CHECK(text.find("\xF0\x9F\x8E\xAD") != text.npos);
}

TEST_CASE("bytes that are not UTF-8 are replaced, so that what is written can be read") {
  const auto back = [](std::string_view text) {
    const auto v = parse_json(to_text(boost::json::value(text)));
    return std::string{std::string_view{v.get_string()}};
  };
  const auto mark = std::string{"\xEF\xBF\xBD"};
  CHECK(back("a\xFF"
             "b") == "a" + mark + "b");
  CHECK(back("\xC3") == mark);
  CHECK(back("\xC0\x80") == mark + mark);
  CHECK(back("\xE2\x82") == mark + mark);
  CHECK(back("\xED\xA0\x80") == mark + mark + mark);
  CHECK(back("\xF4\x90\x80\x80") == mark + mark + mark + mark);
  auto random = random_stream{2, 0, "bytes"};
  for (int i = 0; i < 10'000; ++i) {
    std::string bytes;
    for (int n = 0; n < 8; ++n)
      bytes += static_cast<char>(random.below(256));
    CHECK_NOTHROW(back(bytes));
  }
}

TEST_CASE("pretty JSON breaks what does not fit on a line") {
  const auto v = parse_json(R"({"short": {"uniform": [0, 1]}, "long": {"a": "1234567890123456789",
    "b": "12345678901234567890123456789", "c": "12345678901234567890123456789"}, "empty": {}})");
  CHECK(to_pretty_text(v) == R"({
  "short": {"uniform": [0, 1]},
  "long": {
    "a": "1234567890123456789",
    "b": "12345678901234567890123456789",
    "c": "12345678901234567890123456789"
  },
  "empty": {}
}
)");
  CHECK(to_pretty_text(parse_json("[]")) == "[]\n");
}

TEST_CASE("a document may have comments and trailing commas, a line may not") {
  const auto text = "// head\n{\"a\": /* one */ [1, 2,], // two\n}\n";
  CHECK(to_text(parse_document(text).value) == "{\"a\": [1, 2]}");
  CHECK_THROWS_AS(parse_json(text), json_error);
  CHECK_THROWS_WITH_AS(parse_json("[1,]"), "expected a value, found ]", json_error);
}

TEST_CASE("a document knows where its parts stand") {
  const auto document =
      parse_document("// head\n{\n  \"space\": {\"l\\u0072\": 1, \"q\": [\n    3, {\"x\": 4}]}\n}");
  const auto at = [&](const char* path) {
    const auto p = document.positions.at(path);
    return std::to_string(p.line) + ':' + std::to_string(p.column);
  };
  CHECK(at("") == "2:1");
  CHECK(at("space") == "3:3");
  CHECK(at("space/lr") == "3:13");
  CHECK(at("space/q") == "3:27");
  CHECK(at("space/q/0") == "4:5");
  CHECK(at("space/q/1") == "4:8");
  CHECK(at("space/q/1/x") == "4:9");
  CHECK(document.positions.size() == 7);
}

TEST_CASE("members that stand twice are found, each in its own object") {
  const auto document =
      parse_document("{\"a\": {\"x\": 1}, \"b\": {\"x\": 1},\n \"a\": {\"x\": 2, \"x\": 3}}");
  REQUIRE(document.duplicates.size() == 2);
  CHECK(document.duplicates[0].first == "a");
  CHECK(document.duplicates[0].second.line == 2);
  CHECK(document.duplicates[0].second.column == 2);
  CHECK(document.duplicates[1].first == "a/x");
  CHECK(to_text(document.value) == R"({"a": {"x": 3}, "b": {"x": 1}})");
}

TEST_CASE("what is not JSON is explained") {
  CHECK(problem_of("") == "1:1: the text ends too early: expected a value");
  CHECK(problem_of("{\"a\": 1 \"b\": 2}") == "1:9: expected ',' or '}', found \"b\"");
  CHECK(problem_of("{a: 1}") == "1:2: expected a name in double quotes or '}', found a");
  CHECK(problem_of("{\"a\" 1}") == "1:6: expected ':' after the name, found 1");
  CHECK(problem_of("{\"a\"1}") == "1:5: expected ':' after the name, found 1");
  CHECK(problem_of("[1\"a\"]") == "1:3: expected ',' or ']', found \"a\"");
  CHECK(problem_of("{\"a\": NaN}") == "1:7: expected a value, found NaN");
  CHECK(problem_of("{\"a\": 1e}") == "1:9: expected a value, found 1e");
  CHECK(problem_of("[1,,2]") == "1:4: expected a value or ']', found ,");
  CHECK(problem_of("[1 /* , */ 2]") == "1:12: expected ',' or ']', found 2");
  CHECK(problem_of("[1}") == "1:3: expected ',' or ']', found }");
  CHECK(problem_of("{} x") == "1:4: expected nothing more, found x");
  CHECK(problem_of("{\"a\":\n [1, 2") ==
        "2:7: the text ends too early: expected ',' or ']'; the '[' of line 2 is still open");
  CHECK(problem_of("{\"a\": \"x") == "1:9: the text ends inside quotes: a '\"' is missing");
  CHECK(problem_of("{\"a\": \"x\ny\"}") ==
        "1:9: a line break inside quotes: write \\n, or close the quotes");
  CHECK(problem_of("[\"\xff\"]") == "1:3: a byte that is not UTF-8 inside quotes");
  CHECK(problem_of("[\"\\q\"]") ==
        R"(1:4: a wrong escape inside quotes; allowed are \" \\ \/ \b \f \n \r \t and \uXXXX)");
}

TEST_CASE("nesting is limited") {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  CHECK(problem_of(nested(64)) == "none");
  CHECK(problem_of(nested(65)) == "1:65: nested deeper than 64 levels");
  CHECK(problem_of(std::string(1'000'000, '[')) == "1:65: nested deeper than 64 levels");
}

TEST_CASE("no piece of a document is taken for a whole one, and every problem has words") {
  const auto text = std::string_view{
      "{\"a\": [1, -2.5e3, true, null, \"x\\u00e9\\n\"], // c\n \"b\": {\"c\": {}, /**/ },}"};
  for (std::size_t size = 0; size < text.size(); ++size)
    CHECK(problem_of(text.substr(0, size)).size() > 20);
  CHECK(problem_of(text) == "none");
}

TEST_CASE("a damaged document is refused or read, and never crashes") {
  const auto text = std::string{
      "{\"a\": [1, -2.5e3, true, null, \"x\\u00e9\\n\"], // c\n \"b\": {\"c\": {}, /**/ },}"};
  auto random = random_stream{3, 0, "damage"};
  for (int i = 0; i < 50'000; ++i) {
    auto damaged = text;
    for (int n = 0; n < 2; ++n)
      damaged[random.below(damaged.size())] = "{}[]:,\"\\/*\n1e-.tx\xff\x01"[random.below(20)];
    CHECK(!problem_of(damaged).empty());
  }
}

TEST_CASE("a document may begin with a byte order mark, and its positions are those after it") {
  const auto document = parse_document("\xEF\xBB\xBF{\"a\": 1}");
  CHECK(document.value.at("a") == 1);
  CHECK(document.positions.at("a").column == 2);
}

TEST_CASE("names of a document, with those around them, have a limit") {
  const auto nested = [](std::size_t outer, std::size_t inner) {
    return "{\"" + std::string(outer, 'o') + "\": {\"" + std::string(inner, 'i') + "\": 1}}";
  };
  CHECK_NOTHROW(parse_document(nested(500, 400)));
  CHECK_THROWS_AS(parse_document(nested(500, 600)), json_error);
  CHECK_NOTHROW(parse_json(nested(5000, 5000))); // positions are not asked for
}
