#pragma once

#include "store/files.hpp"

#include <boost/json/object.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace troupe {

/// A trial's progress.csv: one line per report, one column for each key that any report had, in the
/// order in which they came up. When a new key comes up, the file is replaced by one that has the
/// column, empty in the lines before. Quoting is RFC 4180's.
class progress_csv {
public:
  explicit progress_csv(std::filesystem::path path) : path_{std::move(path)} {}

  /// Appends a line; keys that `row` does not have stay empty. Throws std::runtime_error if the
  /// file cannot be written.
  void append(const boost::json::object& row);

  /// Closes the file; the next append opens it again.
  void close() { file_ = {}; }

private:
  void add_columns(const boost::json::object& row);

  std::filesystem::path path_;
  std::vector<std::string> columns_;
  std::string header_; ///< As it stands in the file.
  output_file file_;
};

} // namespace troupe
