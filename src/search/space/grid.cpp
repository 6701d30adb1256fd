#include "search/space/grid.hpp"

#include "base/path.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

namespace troupe {

namespace {

const search_space* space_inside(const grid_search& grid, std::size_t value) noexcept {
  return value < grid.inside.size() ? grid.inside[value].get() : nullptr;
}

std::string replace_first(std::string_view path, const std::string& root) {
  if (root.empty()) return std::string{path};
  const auto rest = split_first(path).second;
  return rest.empty() ? root : join_path(root, rest);
}

/// Per axis, the points of all axes before it.
std::vector<std::uint64_t> points_before(const std::vector<grid_axis>& axes) {
  std::vector<std::uint64_t> before;
  std::uint64_t product = 1;
  for (const auto& axis : axes) {
    before.push_back(product);
    product = saturating_product(product, points_of(*axis.values));
  }
  return before;
}

} // namespace

std::uint64_t saturating_product(std::uint64_t a, std::uint64_t b) noexcept {
  std::uint64_t product = 0;
  return __builtin_mul_overflow(a, b, &product) ? std::numeric_limits<std::uint64_t>::max()
                                                : product;
}

std::uint64_t saturating_sum(std::uint64_t a, std::uint64_t b) noexcept {
  std::uint64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? std::numeric_limits<std::uint64_t>::max() : sum;
}

bool path_less(std::string_view a, std::string_view b) noexcept {
  while (!a.empty() && !b.empty()) {
    const auto [first, rest_a] = split_first(a);
    const auto [second, rest_b] = split_first(b);
    const auto i = list_index(first);
    const auto j = list_index(second);
    if (i && j && *i != *j) return *i < *j;
    if (first != second) return first < second;
    a = rest_a;
    b = rest_b;
  }
  return a.empty() && !b.empty();
}

std::vector<grid_axis> axes_of(const search_space& space, const std::string& below) {
  std::vector<grid_axis> axes;
  for (const auto& e : space.entries())
    if (const auto* grid = std::get_if<grid_search>(&e.domain))
      axes.push_back({replace_first(e.path, below), grid});
  std::stable_sort(axes.begin(), axes.end(), [](const grid_axis& a, const grid_axis& b) {
    return path_less(a.path, b.path);
  });
  return axes;
}

std::uint64_t points_in(const grid_search& grid, std::size_t value) noexcept {
  std::uint64_t product = 1;
  if (const auto* space = space_inside(grid, value))
    for (const auto& e : space->entries())
      if (const auto* inner = std::get_if<grid_search>(&e.domain))
        product = saturating_product(product, points_of(*inner));
  return product;
}

std::uint64_t points_of(const grid_search& grid) noexcept {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < grid.values.size(); ++i)
    sum = saturating_sum(sum, points_in(grid, i));
  return sum;
}

// The digits are found from the slowest axis on. A value of an axis stands for as many points as it
// has inside, times those inside the slower axes' values, times all points of the faster axes.
std::vector<grid_digit> grid_point(std::vector<grid_axis> axes, std::uint64_t number) {
  std::vector<grid_digit> digits;
  std::vector<grid_axis> inner;
  std::uint64_t inside = 1;
  const auto before = points_before(axes);
  for (std::size_t i = axes.size(); i-- > 0;) {
    const auto& grid = *axes[i].values;
    const auto faster = before[i];
    const auto block = [&](std::size_t value) {
      return saturating_product(saturating_product(inside, points_in(grid, value)), faster);
    };
    std::size_t value = 0;
    for (; number >= block(value); ++value)
      number -= block(value);
    inside = saturating_product(inside, points_in(grid, value));
    digits.push_back({axes[i], value});
    if (const auto* space = space_inside(grid, value))
      for (auto& axis : axes_of(*space, axes[i].path))
        inner.push_back(std::move(axis));
  }
  std::reverse(digits.begin(), digits.end());
  if (inner.empty()) return digits;
  std::stable_sort(inner.begin(), inner.end(), [](const grid_axis& a, const grid_axis& b) {
    return path_less(a.path, b.path);
  });
  for (auto& digit : grid_point(std::move(inner), number))
    digits.push_back(std::move(digit));
  return digits;
}

} // namespace troupe
