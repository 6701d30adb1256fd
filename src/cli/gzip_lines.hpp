#pragma once

#include "cli/unzipped_input.hpp"

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

namespace troupe {

/// A file can be read, but is no text of lines; the message names file and line.
struct line_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Reads a text line by line, whether it is compressed by gzip or not.
class gzip_lines {
public:
  /// The longest line, in bytes: a small compressed file may hold one that fills all memory.
  static constexpr std::size_t longest_line = 64U << 20;

  /// Opens a file; "-" is standard input. Throws std::runtime_error, naming it, if it cannot be
  /// opened.
  explicit gzip_lines(const std::string& file) : input_{file} {}

  /// Puts the next line, without its end, into `line`; returns false if there is none. Throws
  /// std::runtime_error, naming the file, if it cannot be read or is damaged; line_error if the
  /// line is too long or holds a zero byte, or if something else stands behind a compressed text.
  bool next(std::string& line);

  /// Returns the number of the line that was read last, from 1.
  std::size_t number() const noexcept { return number_; }

  /// Returns what messages call the file.
  const std::string& name() const noexcept { return input_.name(); }

private:
  bool fill();
  [[noreturn]] void fail(const std::string& problem) const;

  unzipped_input input_;
  std::size_t number_ = 0;
  std::string buffer_;
  std::string_view rest_; ///< What of the buffer is still to be handed out.
};

} // namespace troupe
