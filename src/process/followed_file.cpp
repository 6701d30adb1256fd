#include "process/followed_file.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace troupe {

namespace {

[[noreturn]] void fail_at(const std::string& path) {
  throw std::system_error{errno, std::generic_category(), path};
}

} // namespace

followed_file::followed_file(std::string path) : path_{std::move(path)} {
  if (std::rename(path_.c_str(), (path_ + ".before").c_str()) != 0 && errno != ENOENT &&
      errno != ENOTDIR)
    fail_at(path_);
}

std::string_view followed_file::read_more() {
  if (file_.descriptor() < 0) file_ = file_handle{open(path_.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file_.descriptor() < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return {};
    fail_at(path_);
  }
  const auto size = read(file_.descriptor(), bytes_.data(), bytes_.size());
  if (size < 0 && errno != EINTR) fail_at(path_);
  return {bytes_.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

} // namespace troupe
