#pragma once

#include <zlib.h>

#include <stdexcept>
#include <string>

namespace troupe {

/// Something else stands behind what gzip compressed.
struct foreign_bytes : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The bytes of a file, decompressed if it was compressed by gzip, which its first bytes tell.
///
/// zlib's own functions for files pass over whatever stands behind a compressed part; here that is
/// an error, unless it is a further compressed part.
class unzipped_input {
public:
  /// Opens a file; "-" is standard input. Throws std::runtime_error, naming it, if it cannot be
  /// opened.
  explicit unzipped_input(const std::string& file);
  ~unzipped_input();
  unzipped_input(const unzipped_input&) = delete;
  unzipped_input& operator=(const unzipped_input&) = delete;

  /// Returns the next bytes, at most 64 kB; none at the end. Throws foreign_bytes, or another
  /// std::runtime_error if they cannot be read or are damaged; the messages do not name the file.
  std::string read();

  /// Returns what messages call the file.
  const std::string& name() const noexcept { return name_; }

private:
  bool get_more();
  std::string unzip();
  bool begin_part();

  std::string name_;
  int file_;
  std::string raw_;       ///< As read from the file,
  std::size_t taken_ = 0; ///< and how much of it is used up.
  z_stream stream_{};
  bool is_zipped_ = false;
  bool is_open_ = false; ///< A compressed part has begun.
  bool has_begun_ = false;
};

} // namespace troupe
