#pragma once

#include "store/files.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>

namespace troupe {

/// A text file that is made when there is something to put in it, appended to, and full when it
/// reaches its cap: what comes then is left out, and the file's last line says so.
class capped_file {
public:
  /// 64 MiB: more than anybody reads, and little enough for a disk.
  static constexpr std::size_t usual_cap = 64U << 20;

  explicit capped_file(std::filesystem::path path, std::size_t cap = usual_cap)
      : path_{std::move(path)},
        cap_{cap} {}

  /// Appends; creates the file and its folder if needed. What does not fit is cut off. Throws
  /// std::runtime_error naming the file if it cannot be written.
  void append(std::string_view text);

  /// Closes the file; the next append opens it again.
  void close() { file_ = {}; }

private:
  void open();

  std::filesystem::path path_;
  std::size_t cap_;
  std::uintmax_t size_ = 0; ///< Of the file, once it is open.
  output_file file_;
};

/// What a trial said, which nothing else tells: log.txt has the lines that it logged, error.txt
/// each failure, with its whole message.
class trial_texts {
public:
  explicit trial_texts(const std::filesystem::path& folder)
      : log_{folder / "log.txt"},
        errors_{folder / "error.txt"} {}

  /// Appends a line to log.txt.
  void add_log(std::string_view line);

  /// Appends to error.txt what happened at `time_ns` (Unix time).
  void add_failure(std::string_view error, std::int64_t time_ns);

  /// Closes the files; the next text opens them again.
  void close();

private:
  capped_file log_, errors_;
  int failures_ = 0;
};

} // namespace troupe
