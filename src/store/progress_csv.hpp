#pragma once

#include "store/files.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <filesystem>
#include <string>
#include <unordered_set>
#include <vector>

namespace troupe {

/// A trial's progress.csv: one line per report, one column for each key that any report had, in the
/// order in which they came up, up to 1,000 columns: what else is reported, result.json has. When a
/// new key comes up, the file is replaced by one that has the column, empty in the lines before; if
/// it is large already and new keys keep coming, that waits until it pays, or for close(). Quoting
/// is RFC 4180's.
class progress_csv {
public:
  explicit progress_csv(std::filesystem::path path) : path_{std::move(path)} {}

  /// Appends a line; keys that `row` does not have stay empty. Throws std::runtime_error if the
  /// file cannot be written.
  void append(const boost::json::object& row);

  /// Brings the file up to date and closes it; the next append opens it again. Throws as append.
  void close();

private:
  void add_columns(const boost::json::object& row);
  void rewrite();
  std::string line_of_row(const boost::json::object& row) const;

  std::filesystem::path path_;
  std::vector<std::string> columns_;
  std::unordered_set<std::string> known_; ///< The same.
  std::size_t written_columns_ = 0;       ///< So many of them stand in the file.
  std::size_t rows_ = 0;
  std::size_t size_ = 0;                     ///< Of the file, in bytes.
  std::vector<boost::json::object> waiting_; ///< Rows that are not in the file yet.
  std::string header_;                       ///< As it stands in the file.
  output_file file_;
};

} // namespace troupe
