#include "views/curve.hpp"
#include "views/text.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace troupe;

TEST_CASE("a falling line falls, between its greatest and its smallest value") {
  const auto lines = draw_curve({{1, 2}, {2, 1}}, 8, 2);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0] == "2 │⠑⠤⡀");
  CHECK(lines[1] == "1 │  ⠈⠒⢄");
}

TEST_CASE("curves of any size stay on their sheet") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const int columns : {1, 20, 300})
    for (const int rows : {1, 3, 40}) {
      std::vector<std::pair<double, double>> points;
      for (int i = 0; i < 500; ++i)
        points.emplace_back(i, i % 50 == 7   ? std::nan("")
                               : i % 50 == 9 ? infinity
                                             : 1e30 * std::sin(i));
      const auto lines = draw_curve(points, columns, rows);
      CHECK(lines.size() == static_cast<std::size_t>(rows));
      for (const auto& line : lines)
        CHECK(display_width(line) <= std::max(columns, 12));
    }
}

TEST_CASE("the greatest and the smallest numbers are drawn, too") {
  const auto dots = [](const std::string& line) { return line.substr(line.find("│")); };
  const auto extreme = draw_curve({{1, 1e308}, {2, -1e308}}, 17, 2);
  const auto plain = draw_curve({{1, 1}, {2, -1}}, 12, 2);
  for (std::size_t i = 0; i < 2; ++i)
    CHECK(dots(extreme.at(i)) == dots(plain.at(i)));
}

TEST_CASE("a level line is in the middle, and what is no line is nothing") {
  CHECK(draw_curve({{0, 5}, {1, 5}}, 10, 3).at(1).find_first_not_of(" │") != std::string::npos);
  CHECK(draw_curve({}, 10, 3).empty());
  CHECK(draw_curve({{0, 5}}, 10, 3).empty());
  CHECK(draw_curve({{0, 5}, {1, std::nan("")}}, 10, 3).empty());
}
