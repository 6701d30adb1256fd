#pragma once

#include "store/files.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>

namespace troupe {

/// A text file that is made when there is something to put in it, appended to, and never larger
/// than its cap: then its middle is dropped. Its first half stays; of what came after that, only
/// the last is kept, from the beginning of a line on, and between them stands a line that says how
/// many bytes are missing:
///
///     [log.txt: 123456 bytes are missing here]
class capped_file {
public:
  /// 64 MiB: more than anybody reads, and little enough for a disk.
  static constexpr std::size_t usual_cap = 64U << 20;

  /// `cap`: in bytes; at least 400, so that there is room for that line.
  explicit capped_file(std::filesystem::path path, std::size_t cap = usual_cap)
      : path_{std::move(path)},
        cap_{cap} {}

  /// Appends; creates the file and its folder if needed. Throws std::runtime_error naming the file
  /// if it cannot be written.
  void append(std::string_view text);

  /// Closes the file; the next append opens it again.
  void close() { file_ = {}; }

private:
  void open();
  void drop_middle(std::string_view text);

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
