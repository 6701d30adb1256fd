#pragma once

#include <troupe/space.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace troupe {

/// a * b; the largest uint64 if that is too large.
std::uint64_t saturating_product(std::uint64_t a, std::uint64_t b) noexcept;
/// a + b, likewise.
std::uint64_t saturating_sum(std::uint64_t a, std::uint64_t b) noexcept;

/// One value list to be enumerated.
struct grid_axis {
  std::string path; ///< In the whole configuration.
  const grid_search* values;
};

/// The axes of a space, in the order of their paths. `below` is put in place of the first name of
/// each path, which all paths of a value inside a grid have in common; empty: it stays.
std::vector<grid_axis> axes_of(const search_space& space, const std::string& below = {});

/// Returns how many points a value of a grid stands for: one, or those of the grid inside it.
std::uint64_t points_in(const grid_search& grid, std::size_t value) noexcept;

/// Returns how many points a grid has, with those of grids inside its values.
std::uint64_t points_of(const grid_search& grid) noexcept;

/// The value that an axis has at one point: which of its values.
struct grid_digit {
  grid_axis axis;
  std::size_t value;
};

/// Returns point `number` of a grid: a digit per axis, then those of the axes inside the values,
/// and so on. The first axis varies fastest; what is inside the values faster still.
std::vector<grid_digit> grid_point(std::vector<grid_axis> axes, std::uint64_t number);

/// Compares paths by their parts: indices of lists by number, names by their bytes.
bool path_less(std::string_view a, std::string_view b) noexcept;

} // namespace troupe
