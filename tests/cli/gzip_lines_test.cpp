#include "cli/gzip_lines.hpp"
#include "data/temp_dir.hpp"

#include <troupe/random.hpp>

#include <doctest/doctest.h>
#include <zlib.h>

#include <stdexcept>
#include <string>
#include <vector>

using namespace troupe;

namespace {

std::string zipped(const std::string& text) {
  std::string out(text.size() + 1000, '\0');
  z_stream s{};
  REQUIRE(deflateInit2(&s, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  s.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  s.avail_in = static_cast<uInt>(text.size());
  s.next_out = reinterpret_cast<Bytef*>(out.data());
  s.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&s, Z_FINISH) == Z_STREAM_END);
  out.resize(s.total_out);
  deflateEnd(&s);
  return out;
}

struct lines_file {
  explicit lines_file(const std::string& bytes) { write_file(path, bytes); }
  temp_dir folder;
  std::filesystem::path path = folder / "lines.gz";

  std::vector<std::string> lines() const {
    gzip_lines in{path.string()};
    std::vector<std::string> all;
    for (std::string line; in.next(line);) {
      all.push_back(line);
      CHECK(in.number() == all.size());
    }
    return all;
  }

  template <class Error = line_error>
  std::string problem() const {
    try {
      lines();
    } catch (const Error& e) {
      const std::string what = e.what();
      REQUIRE(what.starts_with(path.string()));
      return what.substr(path.string().size());
    }
    return "no problem";
  }
};

} // namespace

TEST_CASE("lines are read plain or compressed, in one part or in several") {
  const std::vector<std::string> wanted{"one", "", "two", "three"};
  const std::string text = "one\n\ntwo\nthree";
  CHECK(lines_file{text}.lines() == wanted);
  CHECK(lines_file{text + "\n"}.lines() == wanted);
  CHECK(lines_file{zipped(text)}.lines() == wanted);
  CHECK(lines_file{zipped("one\n\nt") + zipped("") + zipped("wo\nthree\n")}.lines() == wanted);
  CHECK(lines_file{""}.lines().empty());
  CHECK(lines_file{zipped("")}.lines().empty());
  CHECK(lines_file{"\x1f"}.lines() == std::vector<std::string>{"\x1f"});
}

TEST_CASE("long texts come out as they went in") {
  auto random = random_stream{1, 0, "text"};
  std::vector<std::string> wanted;
  std::string text;
  for (int i = 0; i < 3000; ++i) {
    wanted.emplace_back(random.below(200), static_cast<char>('a' + i % 26));
    text += wanted.back() + '\n';
  }
  wanted.emplace_back(300'000, 'z');
  text += wanted.back();
  CHECK(lines_file{text}.lines() == wanted);
  CHECK(lines_file{zipped(text)}.lines() == wanted);
}

TEST_CASE("what stands behind a compressed text is not passed over") {
  const auto good = zipped("one\ntwo\n");
  CHECK(lines_file{good + std::string(512, '\0')}.problem().starts_with(
      ":3: something else stands behind the end"));
  CHECK(lines_file{good + "more\n"}.problem().starts_with(":3: something else"));
  CHECK(lines_file{good + "\x1f"}.problem().starts_with(":3: something else"));
  CHECK(lines_file{good + "\x1f\x8b"}.problem<std::runtime_error>().starts_with(
      ": cannot be read: "));
}

TEST_CASE("a compressed text that is cut off or damaged is an error") {
  const auto good = zipped("one\ntwo\nthree\n");
  for (std::size_t size = 2; size < good.size(); ++size)
    CHECK(lines_file{good.substr(0, size)}.problem<std::runtime_error>().starts_with(
        ": cannot be read: "));
  auto random = random_stream{2, 0, "bit"};
  for (int i = 0; i < 40; ++i) {
    auto bad = good;
    bad[10 + random.below(bad.size() - 10)] ^= static_cast<char>(1U << random.below(8));
    // A bit that fills up a byte means nothing; no other goes unnoticed.
    const lines_file file{bad};
    if (file.problem<std::runtime_error>() == "no problem")
      CHECK(file.lines() == std::vector<std::string>{"one", "two", "three"});
  }
}

TEST_CASE("a line has a limit, and no zero bytes") {
  const auto longest = std::string(gzip_lines::longest_line, ' ');
  CHECK(lines_file{zipped("one\n" + longest + "\n")}.lines().size() == 2);
  CHECK(lines_file{zipped("one\n" + longest + " \n")}.problem() ==
        ":2: the line is longer than 64 MB; is this a file of lines?");
  CHECK(lines_file{std::string{"one\ntw\0o\n", 9}}.problem() == ":2: a zero byte; is this a text?");
}
