#pragma once

#include <boost/json/value.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// What every listing is before it is printed: cells under named columns.
struct table {
  struct column {
    std::string name;
    std::string full_name = {}; ///< By which it can always be named: "config/lr". May be empty.
    bool shown = true;          ///< Where nobody names columns.
    /// Which columns a narrow terminal leaves out first: those of the highest rank. 0: none.
    int rank = 0;
  };
  using row = std::vector<boost::json::value>; ///< As many cells as columns; null: nothing there.

  std::vector<column> columns;
  std::vector<row> rows;
};

/// Returns `wanted`, or `otherwise` if the table has a column of that name.
std::string free_name(const table& t, const std::string& wanted, const std::string& otherwise);

/// Returns the place of a column. Throws std::invalid_argument, with the nearest names, if there is
/// none of that name.
std::size_t column_at(const table& t, std::string_view name);

/// Returns the table with these columns, in this order; with those that are shown if none is named.
/// Throws as column_at does.
table with_columns(const table& t, std::span<const std::string> names);

/// Sorts the rows by a column, equal ones as they were: numbers before texts, then what is neither,
/// NaN and nothing last. `key`: a column's name; with "-" before it, the greatest come first.
/// Throws as column_at does.
void sort_rows(table& t, std::string_view key);

} // namespace troupe
