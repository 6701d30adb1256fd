#pragma once

#include <filesystem>
#include <string>

namespace troupe::sqlite {

/// A copy of a database that may be written meanwhile, or whose last writer has died: one file, in
/// a folder for this process alone, removed with the object.
class database_copy {
public:
  /// Copies `file` and what belongs to it, as it is at one moment, and takes back or completes what
  /// is half done. Throws sqlite::error, or std::filesystem::filesystem_error if it cannot be
  /// copied.
  explicit database_copy(const std::filesystem::path& file);
  database_copy(const database_copy&) = delete;
  database_copy& operator=(const database_copy&) = delete;
  ~database_copy();

  /// Where it is.
  const std::filesystem::path& file() const noexcept { return file_; }

private:
  std::filesystem::path folder_, file_;
};

} // namespace troupe::sqlite
