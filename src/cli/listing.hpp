#pragma once

#include "views/table.hpp"
#include "views/table_text.hpp"

#include <CLI/App.hpp>

#include <iosfwd>
#include <string>
#include <vector>

namespace troupe {

/// How the commands that look at a study print what they find.
struct listing_options {
  std::string format = "table";     ///< Or "json", "csv", "value".
  std::vector<std::string> columns; ///< Those to be printed; none: the usual ones.
  bool wide = false;                ///< Leave out none on a narrow terminal.
};

/// Adds -f alone.
void add_format(CLI::App& command, std::string& format);

/// Returns the format of that name.
listing_format format_of(const std::string& name);

/// Adds -f, --columns and --wide.
void add_listing(CLI::App& command, listing_options& o);

/// Prints the columns that are meant; on `err` says which of them the terminal has no room for.
/// Throws std::invalid_argument for a column that the table does not have.
void print_listing(const table& t, const listing_options& o, std::ostream& out, std::ostream& err);

/// Prints a table of one row: for people one column a line, as JSON one object. Throws the same.
void print_sheet(const table& t, const listing_options& o, std::ostream& out);

} // namespace troupe
