#include "cli/gzip_lines.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <unistd.h>

namespace troupe {

gzip_lines::gzip_lines(const std::string& file) : name_{file == "-" ? "stdin" : file} {
  errno = 0;
  // The file of "-" is a duplicate, because closing it must leave standard input open.
  file_.reset(file == "-" ? gzdopen(dup(STDIN_FILENO), "rb") : gzopen(file.c_str(), "rb"));
  if (!file_)
    throw std::runtime_error{name_ +
                             ": cannot be opened: " + std::strerror(errno != 0 ? errno : ENOMEM)};
}

bool gzip_lines::next(std::string& line) {
  line.clear();
  std::array<char, 1 << 16> part{};
  while (gzgets(file_.get(), part.data(), part.size())) {
    line += part.data();
    if (line.ends_with('\n')) {
      line.pop_back();
      ++number_;
      return true;
    }
  }
  int error = Z_OK;
  const char* message = gzerror(file_.get(), &error);
  if (error != Z_OK && error != Z_STREAM_END)
    throw std::runtime_error{
        name_ + ": cannot be read: " + (error == Z_ERRNO ? std::strerror(errno) : message)};
  if (line.empty()) return false;
  ++number_;
  return true;
}

} // namespace troupe
