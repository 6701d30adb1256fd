#pragma once

#include <zlib.h>

#include <cstddef>
#include <memory>
#include <string>

namespace troupe {

/// Reads a text line by line, whether it is compressed by gzip or not.
class gzip_lines {
public:
  /// Opens a file; "-" is standard input. Throws std::runtime_error, naming it, if it cannot be
  /// opened.
  explicit gzip_lines(const std::string& file);

  /// Puts the next line, without its end, into `line`; returns false if there is none. Throws
  /// std::runtime_error, naming the file, if it cannot be read or is damaged.
  bool next(std::string& line);

  /// Returns the number of the line that was read last, from 1.
  std::size_t number() const noexcept { return number_; }

  /// Returns what messages call the file.
  const std::string& name() const noexcept { return name_; }

private:
  struct closer {
    void operator()(gzFile f) const noexcept { gzclose(f); }
  };

  std::string name_;
  std::unique_ptr<gzFile_s, closer> file_;
  std::size_t number_ = 0;
};

} // namespace troupe
