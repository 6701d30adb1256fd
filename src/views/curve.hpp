#pragma once

#include <string>
#include <utility>
#include <vector>

namespace troupe {

/// Draws points, joined by lines, in so many columns and rows of a terminal (of braille characters,
/// which have two dots by four), with the greatest and the smallest value at the left. Points come
/// by ascending x; those that are not finite leave a gap. Empty if fewer than two are left.
std::vector<std::string> draw_curve(const std::vector<std::pair<double, double>>& points,
                                    int columns, int rows);

} // namespace troupe
