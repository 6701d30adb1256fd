#pragma once

#include "store/line_buffer.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace troupe {

/// What a row has in one column; not quoted yet.
struct table_cell {
  std::string_view column, text;
};

/// A trial's progress.csv: one line per report, one column for each key that any report had, in the
/// order in which they came up, up to 1,000 columns: what else is reported, result.json has. When a
/// new key comes up, the file is replaced by one that has the column, empty in the lines before; if
/// it is large already and new keys keep coming, that waits until it pays, or for close(). Quoting
/// is RFC 4180's.
class progress_csv {
public:
  explicit progress_csv(std::filesystem::path path) : lines_{std::move(path)} {}

  /// Appends a line, which may stay in memory until flush(); columns that `row` does not have stay
  /// empty. Takes time in proportion to the cells and columns. Throws std::runtime_error if the
  /// file cannot be written.
  void append(std::span<const table_cell> row);

  /// Writes the lines appended; those with new columns may still wait. Throws as append.
  void flush();

  /// Brings the file up to date and closes it; the next flush opens it again. Throws as append.
  void close();

private:
  /// A row as text without its line end, and how many columns it has.
  struct line {
    std::string text;
    std::size_t columns = 0;
  };

  std::optional<std::size_t> column_of(std::string_view name, std::size_t guess);
  line line_of(std::span<const table_cell> row);
  void append_line(std::string& out, const line& l) const;
  void rewrite();

  std::unordered_map<std::string, std::size_t> columns_; ///< By name.
  std::vector<std::string> order_;                       ///< The same, in order.
  std::size_t written_columns_ = 0;                      ///< So many of them stand in the file.
  std::size_t rows_ = 0;
  std::size_t size_ = 0;      ///< Of the file, in bytes.
  std::vector<line> waiting_; ///< Rows that are not in the file yet.
  std::string names_;         ///< The header, quoted, without its line end,
  std::string header_;        ///< and as it stands in the file.
  line_buffer lines_;         ///< With the columns of the file.
};

} // namespace troupe
