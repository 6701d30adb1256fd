#include "base/escape.hpp"
#include "store/trial_texts.hpp"
#include "store_kit.hpp"

#include <troupe/random.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <optional>
#include <string>

using namespace store_kit;
using namespace troupe;

TEST_CASE("logs and failures are appended, also after the files were closed") {
  temp_dir folder;
  trial_texts texts{folder / "00000"};
  CHECK_FALSE(fs::exists(folder / "00000")); // there is nothing to say yet
  texts.add_log("one");
  CHECK_FALSE(fs::exists(folder / "00000/error.txt"));
  texts.add_failure("out of memory\nat batch 7", noon_ns);
  texts.close();
  texts.add_log("two");
  texts.add_failure("boom", noon_ns);
  CHECK(read_file(folder / "00000/log.txt") == "one\ntwo\n");
  CHECK(read_file(folder / "00000/error.txt") ==
        "Failure # 1 (occurred at 2026-03-01_12-00-00)\nout of memory\nat batch 7\n"
        "Failure # 2 (occurred at 2026-03-01_12-00-00)\nboom\n");
}

namespace {

constexpr std::size_t cap = 400;

/// Line `i` of a log, of 10 bytes.
std::string line(int i) {
  return fmt::format("line {:04}\n", i);
}

std::string numbered_lines(int from, int to) {
  std::string text;
  for (int i = from; i < to; ++i)
    text += line(i);
  return text;
}

/// What the file says is missing; 0 if it has no such line.
std::size_t missing_of(const std::string& text) {
  const std::string begin = "\n[log.txt: ";
  const auto at = text.find(begin);
  return at == text.npos ? 0 : std::stoul(text.substr(at + begin.size()));
}

} // namespace

TEST_CASE("a file that is full keeps its beginning and its end, and says how much is missing") {
  temp_dir folder;
  const auto path = folder / "log.txt";
  capped_file file{path, cap};
  for (int i = 0; i < 40; ++i)
    file.append(line(i));
  CHECK(read_file(path) == numbered_lines(0, 40)); // to the last byte
  file.append(line(40));
  CHECK(read_file(path) == numbered_lines(0, 20) + "\n[log.txt: 120 bytes are missing here]\n" +
                               numbered_lines(32, 41));
}

TEST_CASE(
    "whoever opens a file that has lost its middle goes on counting, and nothing else is lost") {
  temp_dir folder;
  const auto path = folder / "log.txt";
  random_stream random{7, 0, "log"};
  std::string whole;
  std::optional<capped_file> file{std::in_place, path, cap};
  for (int i = 0; i < 3000; ++i) {
    const auto next = random.below(50) == 0 ? numbered_lines(i, i + 100) : line(i);
    whole += next;
    file->append(next);
    if (random.below(10) == 0) file.emplace(path, cap);
    if (random.below(10) == 0) file->close();
    const auto text = read_file(path);
    REQUIRE(text.size() <= cap);
    const auto missing = missing_of(text);
    if (missing == 0) {
      REQUIRE(text == whole);
      continue;
    }
    const auto note = fmt::format("\n[log.txt: {} bytes are missing here]\n", missing);
    const auto tail = text.substr(cap / 2 + note.size());
    REQUIRE(text == whole.substr(0, cap / 2) + note + tail);
    REQUIRE(whole.ends_with(tail));
    REQUIRE(whole.size() == cap / 2 + missing + tail.size());
    REQUIRE(tail.ends_with(next.substr(next.size() - 10)));
  }
  CHECK(whole.size() > 10 * cap);
}

TEST_CASE("no character is cut in two where the middle is missing") {
  for (const std::string pad : {"", "x", "xx"}) {
    temp_dir folder;
    const auto path = folder / "log.txt";
    std::string text = pad;
    while (text.size() < 2 * cap)
      text += "漢";
    capped_file{path, cap}.append(text);
    const auto kept = read_file(path);
    CHECK(is_utf8(kept));
    CHECK(kept.starts_with(text.substr(0, cap / 2 - 3)));
    CHECK(contains(kept, " bytes are missing here]\n漢"));
    CHECK(kept.size() <= cap);
  }
}

TEST_CASE("a text that looks like the line where bytes are missing is a text") {
  temp_dir folder;
  const auto path = folder / "log.txt";
  const auto forged =
      numbered_lines(0, 20) + "\n[log.txt: many bytes are missing here]\n" + numbered_lines(20, 38);
  capped_file{path, cap}.append(forged);
  CHECK(missing_of(read_file(path).substr(cap / 2)) == forged.size() - cap / 2 - 90);
}
