#include "base/nearest.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace troupe {

namespace {

/// Longer names are not mistyped but something else, and comparing them takes long.
constexpr std::size_t longest_name = 200;

/// So many names are listed.
constexpr std::size_t most_listed = 60;

} // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  auto older = std::vector<std::size_t>(b.size() + 1);
  auto last = std::vector<std::size_t>(b.size() + 1);
  auto row = std::vector<std::size_t>(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(older, last);
    std::swap(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], older[j - 2] + 1);
    }
  }
  return row.back();
}

std::string_view nearest_name(std::string_view wrong, std::span<const std::string_view> names) {
  auto best = std::string_view{};
  auto limit = wrong.size() / 3 + 1;
  if (wrong.size() > longest_name) return best;
  for (const auto name : names) {
    const auto longer = std::max(wrong.size(), name.size());
    const auto shorter = std::min(wrong.size(), name.size());
    if (longer - shorter >= limit) continue; // it takes at least so many letters
    const auto distance = edit_distance(wrong, name);
    if (distance < limit) {
      best = name;
      limit = distance;
    }
  }
  return best;
}

std::string suggest_name(std::string_view wrong, std::span<const std::string_view> names) {
  constexpr std::size_t shortest_stem = 3;
  auto nearest = nearest_name(wrong, names);
  if (nearest.empty() && wrong.size() >= shortest_stem)
    for (const auto name : names)
      if (name.starts_with(wrong)) nearest = name;
  if (!nearest.empty()) return "did you mean \"" + std::string{nearest} + "\"?";
  auto text = std::string{"known: "};
  for (std::size_t i = 0; i < std::min(names.size(), most_listed); ++i) {
    if (i > 0) text += ", ";
    text += names[i];
  }
  if (names.size() > most_listed)
    text += ", and " + std::to_string(names.size() - most_listed) + " more";
  return text;
}

} // namespace troupe
