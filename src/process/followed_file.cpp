#include "process/followed_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <stdexcept>
#include <sys/stat.h>
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
  if (!file_ && !find()) return {};
  const auto size = read(file_.descriptor(), bytes_.data(), bytes_.size());
  if (size < 0 && errno != EINTR) fail_at(path_);
  if (size == 0) check_it_only_grows();
  taken_ += std::max<off_t>(size, 0);
  return {bytes_.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

bool followed_file::find() {
  // A pipe would keep whoever opens it waiting.
  file_ = file_handle{open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (!file_ && errno != ENOENT && errno != ENOTDIR) fail_at(path_);
  struct stat found = {};
  if (file_ && fstat(file_.descriptor(), &found) == 0 && !S_ISREG(found.st_mode))
    throw std::runtime_error{path_ + " is a folder, a pipe or a device; it must be a file"};
  return static_cast<bool>(file_);
}

/// What is written anew would be lost unseen.
void followed_file::check_it_only_grows() const {
  struct stat mine = {};
  struct stat named = {};
  if (fstat(file_.descriptor(), &mine) != 0 || stat(path_.c_str(), &named) != 0) return;
  if (mine.st_size < taken_ || mine.st_ino != named.st_ino || mine.st_dev != named.st_dev)
    throw std::runtime_error{path_ + " was written anew; reports must be appended to it"};
}

} // namespace troupe
