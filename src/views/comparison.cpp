#include "views/comparison.hpp"

#include <algorithm>

namespace troupe {

table comparison(const table& rows, std::size_t by) {
  table differences{{{"what"}}, {}};
  for (const auto& row : rows.rows)
    differences.columns.push_back({std::string{row[by].as_string()}});
  for (std::size_t i = 0; i < rows.columns.size(); ++i) {
    const auto is_other = [&](const auto& row) { return row[i] != rows.rows.front()[i]; };
    if (i == by || std::ranges::none_of(rows.rows, is_other)) continue;
    auto& to = differences.rows.emplace_back();
    to.emplace_back(rows.columns[i].name);
    for (const auto& row : rows.rows)
      to.push_back(row[i]);
  }
  return differences;
}

} // namespace troupe
