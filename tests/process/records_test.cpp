#include "process/followed_file.hpp"
#include "process/record_reader.hpp"

#include <troupe/random.hpp>

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

using namespace troupe;

namespace {

std::string in_quotes(const std::string& cell) {
  std::string out = "\"";
  for (const char c : cell)
    out += c == '"' ? std::string{"\"\""} : std::string{c};
  return out + "\"";
}

} // namespace

TEST_CASE("the numbers of a CSV row are a report by the names of the first line") {
  record_reader reader{record_reader::form::csv};
  CHECK(!reader.read("epoch,loss,\"a, b\",note"));
  CHECK(reader.read("1,0.5,+2,good") == metrics{{"epoch", 1}, {"loss", 0.5}, {"a, b", 2}});
  CHECK(reader.read("2,,inf,\"3\"")->size() == 3);
  CHECK(!reader.read(""));
  CHECK(!reader.read("a,b,c,d"));
  CHECK_THROWS_WITH_AS(reader.read("1,2"),
                       "a line of the metrics_file cannot be read: it has 2 cells, and the first "
                       "line has 4 names; the line: 1,2",
                       std::runtime_error);
}

TEST_CASE("the numbers of a JSON object are a report") {
  record_reader reader{record_reader::form::json_lines};
  CHECK(reader.read(R"({"loss": 1e-3, "note": "x", "n": 3, "l": [1], "b": true, "d": null})") ==
        metrics{{"loss", 1e-3}, {"n", 3}});
  CHECK(reader.read(R"({"loss": NaN, "a": "-inf"})")->size() == 2);
  CHECK(!reader.read("{}"));
  CHECK(!reader.read("  "));
  for (const auto* line : {"3", "[]", "{", "loss: 3"})
    CHECK_THROWS_AS(reader.read(line), std::runtime_error);
}

TEST_CASE("blanks around the cells of CSV are no part of them") {
  record_reader reader{record_reader::form::csv};
  CHECK(!reader.read("epoch, loss ,\t\"val loss\""));
  CHECK(*reader.read("1, 0.5, \"0.25\" ") ==
        metrics{{"epoch", 1}, {"loss", 0.5}, {"val loss", 0.25}});
}

TEST_CASE("cells are the same after they were a line of CSV") {
  random_stream draw{9, 1, "cells"};
  const std::string letters = "a,\" 1";
  for (int i = 0; i < 1000; ++i) {
    std::vector<std::string> cells(1 + draw() % 4);
    std::string line;
    for (auto& cell : cells) {
      for (auto left = draw() % 5; left > 0; --left)
        cell += letters[draw() % letters.size()];
      const bool needs_quotes = cell.find_first_of(",\"") != cell.npos || draw() % 4 == 0;
      line += (&cell == &cells.front() ? "" : ",") + (needs_quotes ? in_quotes(cell) : cell);
    }
    CAPTURE(line);
    CHECK(cells_of(line) == cells);
  }
}

TEST_CASE("a file is followed from when it is made, and what was there before is put aside") {
  const auto folder =
      std::filesystem::temp_directory_path() / ("troupe_followed_" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  const auto path = (folder / "made.csv").string();
  std::ofstream{path} << "old";
  followed_file file{path};
  CHECK(file.read_more().empty());
  std::ofstream out{path, std::ios::app};
  CHECK(file.read_more().empty());
  out << "a" << std::flush;
  CHECK(file.read_more() == "a");
  CHECK(file.read_more().empty());
  out << "bc\n" << std::flush;
  CHECK(file.read_more() == "bc\n");
  CHECK(std::filesystem::file_size(path + ".before") == 3);
  std::filesystem::remove_all(folder);
}
