#include "process/line_splitter.hpp"
#include "process/output_log.hpp"

#include <troupe/random.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

using namespace troupe;

namespace {

using piece_list = std::vector<std::pair<std::string, bool>>;

/// Splits a text that comes in pieces of random sizes.
piece_list split(std::string_view text, std::size_t longest, random_stream& draw) {
  piece_list pieces;
  line_splitter splitter{longest};
  const auto receive = [&](std::string_view line, bool begins) {
    pieces.emplace_back(line, begins);
  };
  while (!text.empty()) {
    const auto size = std::min<std::size_t>(1 + draw() % 12, text.size());
    splitter.add(text.substr(0, size), receive);
    text.remove_prefix(size);
  }
  splitter.finish(receive);
  return pieces;
}

/// The same, as one reads it: line by line.
piece_list split_at_once(std::string_view text, std::size_t longest) {
  piece_list pieces;
  while (!text.empty()) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    const std::size_t before = pieces.size();
    bool begins = true;
    for (; line.size() >= longest; begins = false) {
      pieces.emplace_back(line.substr(0, longest), begins);
      line.remove_prefix(longest);
    }
    if (line.ends_with('\r')) line.remove_suffix(1);
    const bool only_the_end = !begins && line.empty();
    if (!only_the_end) pieces.emplace_back(line, pieces.size() == before);
  }
  return pieces;
}

} // namespace

TEST_CASE("lines are the same however their bytes come, and long ones come in pieces") {
  random_stream draw{1, 2, "lines"};
  const std::string letters{"ab\n\r\0\xff", 6};
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    for (auto left = draw() % 60; left > 0; --left)
      text += letters[draw() % letters.size()];
    CAPTURE(text);
    const auto longest = 1 + draw() % 8;
    CHECK(split(text, longest, draw) == split_at_once(text, longest));
  }
}

TEST_CASE("a line ends with a line feed, and a carriage return before it does not count") {
  random_stream draw{1, 2, "lines"};
  const piece_list wanted{{"a", true}, {"b", true}, {"", true}, {"c\rd", true}, {"e", true}};
  CHECK(split("a\nb\r\n\nc\rd\ne", 100, draw) == wanted);
}

TEST_CASE("a log has everything until it is a flood, then the end") {
  random_stream draw{5, 6, "floods"};
  for (int i = 0; i < 500; ++i) {
    std::string written;
    output_log log{[&](std::string_view lines) { (written += lines) += '\n'; }, {40, 20}};
    std::string whole;
    for (auto left = draw() % 30; left > 0; --left) {
      const std::string line(draw() % 6, static_cast<char>('a' + draw() % 26));
      (whole += line) += '\n';
      log.add(line);
      if (draw() % 3 == 0) log.flush();
    }
    log.finish();
    if (whole == written) {
      CHECK(whole.size() <= 60);
      continue;
    }
    const auto note = written.find('[');
    REQUIRE(note != written.npos);
    const auto rest = written.substr(written.find('\n', note) + 1);
    const auto missing = std::stoul(written.substr(note + 1));
    CHECK(whole.starts_with(written.substr(0, note)));
    CHECK(whole.ends_with(rest));
    CHECK(rest.size() <= 20);
    CHECK(note + missing + rest.size() == whole.size());
  }
}

TEST_CASE("the last lines are for messages: twenty, and none too long") {
  output_log log{[](std::string_view) {}};
  for (int i = 1; i <= 30; ++i)
    log.add(std::to_string(i));
  CHECK(log.last_lines().starts_with("11\n12\n"));
  CHECK(log.last_lines().ends_with("\n29\n30"));
  log.add(std::string(1000, 'x'));
  CHECK(log.last_lines().ends_with("\n30\n" + std::string(300, 'x') + "…"));
}

TEST_CASE("the last lines are text, whatever a program prints") {
  output_log log{[](std::string_view) {}};
  const auto last_of = [&log](const std::string& line) {
    log.add(line);
    return log.last_lines().substr(log.last_lines().rfind('\n') + 1);
  };
  CHECK(last_of(std::string{"a\0b\xff é\t\x1b[2J", 12}) == "a\\u0000b\\xff é\t\\u001b[2J");
  CHECK(last_of(std::string(299, 'x').append("éé")) == std::string(299, 'x') + "…");
  CHECK(last_of(std::string(298, 'x').append("éé")) == std::string(298, 'x').append("é…"));
  CHECK(last_of(std::string(301, '\x80')).ends_with("\\x80…"));
}
