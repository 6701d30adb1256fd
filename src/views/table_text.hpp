#pragma once

#include "views/table.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace troupe {

/// How a listing is printed.
enum class listing_format : std::uint8_t {
  text,  ///< For people: columns side by side, numbers with 6 significant digits.
  json,  ///< An array of objects, one per row.
  csv,   ///< A line of names, then one per row; RFC 4180.
  value, ///< The bare cells, with tabs between: for the shell.
};

/// Returns the table as text. But for listing_format::text, numbers are exact and nothing is cut.
std::string to_text(const table& t, listing_format how);

/// Returns a table of one row for people, one column a line.
std::string to_sheet(const table& t);

/// Returns what of the table fits into `width` columns of a terminal: those of the highest rank are
/// left out, the last of them first, and named in `left_out`.
table narrowed(table t, int width, std::vector<std::string>& left_out);

} // namespace troupe
