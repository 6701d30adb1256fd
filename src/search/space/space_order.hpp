#pragma once

#include <troupe/space.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// Says why a parameter at `path` with the domain `d` cannot have conditions; empty if it can.
std::string wrong_conditions(std::string_view path, const domain& d,
                             const std::vector<condition>& when);

/// What the parameters of a space need of each other.
struct space_order {
  /// Per entry, the entries that must be known before: of its conditions, of its expression.
  std::vector<std::vector<std::size_t>> needs;
  /// All entries, so that each comes after what it needs; functions and what needs them come last.
  std::vector<std::size_t> order;
  /// What is wrong; then `order` lacks the entries in question.
  std::vector<space_problem> problems;
};
space_order order_of(const search_space& space);

} // namespace troupe
