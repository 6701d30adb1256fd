#include "base/escape.hpp"
#include "base/json.hpp"

#include <troupe/random.hpp>

#include <boost/json/string.hpp>
#include <doctest/doctest.h>

using namespace troupe;

TEST_CASE("what a terminal would act on is shown instead") {
  CHECK(escaped("plain, ünï, 漢, 🎭") == "plain, ünï, 漢, 🎭");
  CHECK(escaped("\x1b[2J") == "\\u001b[2J");
  CHECK(escaped("\x1b]0;title\a") == "\\u001b]0;title\\u0007");
  CHECK(escaped("\u009b31m\u0085") == "\\u009b31m\\u0085");
  CHECK(escaped("a\u202egpj.exe") == "a\\u202egpj.exe");
  CHECK(escaped("\u2066x\u2069\u200f\u061c\u2028\ufeff") ==
        "\\u2066x\\u2069\\u200f\\u061c\\u2028\\ufeff");
  CHECK(escaped("\r\b\x7f") == "\\u000d\\u0008\\u007f");
  CHECK(escaped("two\nlines\tand a tab") == "two\nlines\tand a tab");
  CHECK(escaped_line("two\nlines\r\n\x1b") == "two\\nlines\\r\\n\\u001b");
  CHECK(escaped(std::string_view{"a\0b", 3}) == "a\\u0000b");
}

TEST_CASE("bytes that are not UTF-8 are shown as bytes") {
  CHECK(escaped("a\xff"
                "b") == "a\\xffb");
  CHECK(escaped("\xc3") == "\\xc3");
  CHECK(escaped("\xc0\xaf") == "\\xc0\\xaf");                   // overlong
  CHECK(escaped("\xed\xa0\x80") == "\\xed\\xa0\\x80");          // a surrogate
  CHECK(escaped("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80"); // beyond Unicode
  CHECK(escaped("\xe2\x82") == "\\xe2\\x82");
  CHECK(escaped("\x9b") == "\\x9b");
}

TEST_CASE("no escaped text holds anything that disturbs, and escaped JSON is the same JSON") {
  auto random = random_stream{1, 0, "text"};
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (auto n = random.below(12); n > 0; --n) {
      const auto kind = random.below(4);
      if (kind == 0) text += static_cast<char>(random.below(256));
      if (kind == 1) text += static_cast<char>(random.below(128));
      if (kind == 2) (text += "\xe2\x80") += static_cast<char>(0x80 + random.below(64));
      if (kind == 3) (text += "\xc2") += static_cast<char>(0x80 + random.below(64));
    }
    const auto shown = escaped_line(text);
    CAPTURE(shown);
    for (std::string_view rest = shown; !rest.empty();) {
      char32_t c = 0;
      const auto size = first_character(rest, &c);
      REQUIRE(size > 0);
      CHECK_FALSE(disturbs(c));
      rest.remove_prefix(size);
    }
    const auto written = to_text(boost::json::value(text));
    CHECK(parse_json(escaped(written)) == parse_json(written));
  }
}
