#pragma once

#include "store/files.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace troupe {

/// A text file that is appended to in blocks: many short lines cost one call of the system.
class line_buffer {
public:
  explicit line_buffer(std::filesystem::path path) : path_{std::move(path)} {}

  /// Appends; what is not flushed yet is lost with the object. Throws std::runtime_error naming the
  /// file if it cannot be written.
  void append(std::string_view text) {
    constexpr std::size_t block = 64U << 10;
    text_ += text;
    if (text_.size() >= block) flush();
  }

  /// Writes what was appended; creates the file if needed. Throws as append.
  void flush() {
    if (text_.empty()) return;
    if (!file_) file_ = output_file::append_to(path_);
    file_.write(text_);
    text_.clear();
  }

  /// Flushes and closes; the next flush opens the file again. Throws as append.
  void close() {
    flush();
    file_ = {};
  }

  const std::filesystem::path& path() const noexcept { return path_; }

private:
  std::filesystem::path path_;
  std::string text_;
  output_file file_;
};

} // namespace troupe
