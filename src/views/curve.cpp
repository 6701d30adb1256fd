#include "views/curve.hpp"

#include "views/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace troupe {

namespace {

/// Dots on a sheet of braille characters.
class dot_sheet {
public:
  dot_sheet(std::size_t columns, std::size_t rows) : columns_{columns}, cells_(columns * rows) {}

  /// `x`, `y`: from the left and from above.
  void set(std::size_t x, std::size_t y) {
    static constexpr std::array<std::array<std::uint8_t, 2>, 4> bits{
        {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}}};
    cells_[y / 4 * columns_ + x / 2] |= bits[y % 4][x % 2];
  }

  std::string line(std::size_t row) const {
    std::string text;
    for (std::size_t c = 0; c < columns_; ++c) {
      // U+2800 and the dots, in UTF-8.
      const auto dots = cells_[row * columns_ + c];
      text += dots ? std::string{'\xe2', static_cast<char>(0xa0 | (dots >> 6)),
                                 static_cast<char>(0x80 | (dots & 0x3f))}
                   : " ";
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
  }

private:
  std::size_t columns_;
  std::vector<std::uint8_t> cells_;
};

/// From [low, high] to dots 0 to last.
struct scale {
  double low, high;
  int last;

  int operator()(double v) const {
    if (!(high > low)) return last / 2;
    // Halves, for the difference of two doubles may be none.
    return static_cast<int>(std::lround((v / 2 - low / 2) / (high / 2 - low / 2) * last));
  }
};

} // namespace

std::vector<std::string> draw_curve(const std::vector<std::pair<double, double>>& points,
                                    int columns, int rows) {
  std::vector<double> xs, ys;
  for (const auto& [x, y] : points)
    if (std::isfinite(y)) {
      xs.push_back(x);
      ys.push_back(y);
    }
  if (xs.size() < 2) return {};
  const auto [low, high] = std::ranges::minmax(ys);
  const auto top = short_number(high, 4), bottom = short_number(low, 4);
  const int margin = std::max(display_width(top), display_width(bottom));
  const int width = std::max(columns - margin - 2, 2);
  const scale to_x{xs.front(), xs.back(), 2 * width - 1}, to_y{low, high, 4 * rows - 1};
  dot_sheet sheet{static_cast<std::size_t>(width), static_cast<std::size_t>(rows)};
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const auto [x, y] = points[i];
    const auto [next_x, next_y] = points[i + 1];
    if (!std::isfinite(y) || !std::isfinite(next_y)) continue;
    const int steps =
        std::max({std::abs(to_x(next_x) - to_x(x)), std::abs(to_y(next_y) - to_y(y)), 1});
    for (int k = 0; k <= steps; ++k) {
      const double part = static_cast<double>(k) / steps;
      sheet.set(static_cast<std::size_t>(to_x(std::lerp(x, next_x, part))),
                static_cast<std::size_t>(4 * rows - 1 - to_y(std::lerp(y, next_y, part))));
    }
  }
  std::vector<std::string> lines;
  for (int row = 0; row < rows; ++row) {
    const auto& label = row == 0 ? top : row == rows - 1 ? bottom : std::string{};
    lines.push_back(pad_left(label, margin) + " │" + sheet.line(static_cast<std::size_t>(row)));
  }
  return lines;
}

} // namespace troupe
