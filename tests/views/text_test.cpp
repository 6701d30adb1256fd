#include "views/text.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

using namespace troupe;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("width is measured in columns, not bytes") {
  CHECK(display_width("abc") == 3);
  CHECK(display_width("größe") == 5);
  CHECK(display_width("学习率") == 6);
  CHECK(display_width("e\u0301") == 1); // a letter and a combining accent
  CHECK(display_width("\xff\xfe") == 2);
}

TEST_CASE("text is cut between characters, and says so") {
  CHECK(fit("abcdef", 6) == "abcdef");
  CHECK(fit("abcdef", 5) == "abcd…");
  CHECK(fit("学习率", 6) == "学习率");
  CHECK(fit("学习率", 5) == "学习…");
  CHECK(fit("学习率", 4) == "学…");
  CHECK(fit("e\u0301e\u0301e\u0301", 2) == "e\u0301…");
  CHECK(fit("abc", 1) == "…");
  CHECK(fit("abc", 0) == "");
  CHECK(fit("", 0) == "");
}

TEST_CASE("what could disturb a terminal becomes a question mark") {
  CHECK(printable("a\x1b[2Jb\tc\r") == "a?[2Jb?c?");
  CHECK(printable("\xe5\xad") == "??");
  CHECK(printable(std::string_view{"a\0b", 3}) == "a?b");
  CHECK(first_line("one\x07\r\ntwo") == "one?");
  CHECK(first_line("\nlate") == "");
}

TEST_CASE("padding counts columns") {
  CHECK(pad_left("学", 4) == "  学");
  CHECK(pad_right("学", 4) == "学  ");
  CHECK(pad_left("long", 2) == "long");
}

TEST_CASE("durations read like a clock") {
  CHECK(clock_text(milliseconds{5999}) == "0:05");
  CHECK(clock_text(seconds{754}) == "12:34");
  CHECK(clock_text(seconds{3723}) == "1:02:03");
  CHECK(clock_text(seconds{360000}) == "100:00:00");
  CHECK(clock_text(seconds{-3}) == "0:00");
}

TEST_CASE("values are shortened by what they are") {
  CHECK(short_value(0.0027624906698231976, 3, 16) == "0.00276");
  CHECK(short_value(1234567, 3, 16) == "1234567");
  CHECK(short_value("text", 3, 16) == "text");
  CHECK(short_value("a long text", 3, 6) == "a lon…");
  CHECK(short_value(true, 3, 16) == "true");
  CHECK(short_value({1, 2}, 3, 16) == "[1, 2]");
}

TEST_CASE("a first line is cut where it is long") {
  const auto line = first_line(std::string(200'000, 'x') + "\nmore");
  CHECK(display_width(line) == 1000);
  CHECK(line.ends_with("x…"));
}
