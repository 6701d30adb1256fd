#pragma once

#include <troupe/metrics.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// Reads reports from the lines of a file that a program writes as it trains: JSON lines, an object
/// each, or CSV, whose first line has the names. What is a number in a line is a metric; texts,
/// lists, and empty cells are none, and a line without any number is no report.
class record_reader {
public:
  enum class form { json_lines, csv };

  explicit record_reader(form f) : form_{f} {}

  /// Returns the report that is in the next line; none if it has none. Throws std::runtime_error,
  /// showing the line, if it is no JSON object, or has another number of cells than there are
  /// names.
  std::optional<metrics> read(std::string_view line);

private:
  metrics read_cells(std::string_view line);

  form form_;
  std::optional<std::vector<std::string>> names_; ///< Of a CSV file, once they were read.
};

/// Returns the cells of a line of CSV. A cell in double quotes may have commas in it, and "" for a
/// quote.
std::vector<std::string> cells_of(std::string_view line);

} // namespace troupe
