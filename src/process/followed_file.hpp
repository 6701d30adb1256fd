#pragma once

#include "base/file_handle.hpp"

#include <array>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace troupe {

/// A file that a program makes and appends to, read as it grows.
class followed_file {
public:
  /// `path`: what is there already, from an earlier attempt, is renamed to `path`.before. Throws
  /// std::system_error if that cannot be done.
  explicit followed_file(std::string path);

  /// Returns what has come since the last call, at most 64 KiB of it; empty if nothing has, or
  /// there is no file yet. Throws std::system_error if it cannot be read, and std::runtime_error if
  /// it is no file, or has been cut short or replaced by another.
  std::string_view read_more();

  bool is_there() const noexcept { return static_cast<bool>(file_); }
  const std::string& path() const noexcept { return path_; }

private:
  /// Returns whether there is one now.
  bool find();
  void check_it_only_grows() const;

  std::string path_;
  file_handle file_;
  off_t taken_ = 0; ///< Bytes that were read.
  std::array<char, std::size_t{64} * 1024> bytes_{};
};

} // namespace troupe
