#include "views/table.hpp"

#include "base/nearest.hpp"
#include "base/values.hpp"
#include "views/text.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>

namespace troupe {

namespace {

namespace json = boost::json;

/// Where a value is sorted to: among the numbers, the texts, what is neither, or what is nothing.
enum class sort_group : std::uint8_t { number, text, other, nothing };

sort_group group_of(const json::value& v) {
  if (const auto x = real_number(v))
    return std::isnan(*x) ? sort_group::nothing : sort_group::number;
  if (v.is_string()) return sort_group::text;
  return v.is_null() ? sort_group::nothing : sort_group::other;
}

/// Returns whether `a` comes before `b`, both of the same group.
bool is_less(const json::value& a, const json::value& b, sort_group group) {
  if (group == sort_group::number) return *real_number(a) < *real_number(b);
  return group == sort_group::text && a.get_string() < b.get_string();
}

} // namespace

std::string free_name(const table& t, const std::string& wanted, const std::string& otherwise) {
  return std::ranges::find(t.columns, wanted, &table::column::name) == t.columns.end() ? wanted
                                                                                       : otherwise;
}

std::size_t column_at(const table& t, std::string_view name) {
  const auto found = std::ranges::find_if(
      t.columns, [&](const auto& c) { return c.name == name || c.full_name == name; });
  if (found != t.columns.end()) return static_cast<std::size_t>(found - t.columns.begin());
  std::vector<std::string> names(t.columns.size());
  std::ranges::transform(t.columns, names.begin(),
                         [](const table::column& c) { return printable(c.name); });
  const std::vector<std::string_view> views{names.begin(), names.end()};
  throw std::invalid_argument{"unknown column \"" + printable(name) + "\"; " +
                              suggest_name(name, views)};
}

table with_columns(const table& t, std::span<const std::string> names) {
  std::vector<std::size_t> places;
  for (const auto& name : names)
    places.push_back(column_at(t, name));
  for (std::size_t i = 0; names.empty() && i < t.columns.size(); ++i)
    if (t.columns[i].shown) places.push_back(i);
  table chosen;
  for (const auto place : places)
    chosen.columns.push_back(t.columns[place]);
  for (const auto& from : t.rows) {
    auto& to = chosen.rows.emplace_back();
    for (const auto place : places)
      to.push_back(from[place]);
  }
  return chosen;
}

void sort_rows(table& t, std::string_view key) {
  const bool descending = key.starts_with('-');
  const auto place = column_at(t, descending ? key.substr(1) : key);
  std::ranges::stable_sort(t.rows, [&](const table::row& x, const table::row& y) {
    const auto &a = x[place], &b = y[place];
    const auto of_a = group_of(a), of_b = group_of(b);
    if (of_a != of_b) return of_a < of_b;
    return descending ? is_less(b, a, of_a) : is_less(a, b, of_a);
  });
}

} // namespace troupe
