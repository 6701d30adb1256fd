#include "data/file_lock.hpp"

#include <troupe/errors.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <system_error>

namespace troupe {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& file, std::string_view what, int error) {
  throw data_error{fmt::format("{}: {} ({}); name a folder that can be written to with --data-dir",
                               file.string(), what, std::generic_category().message(error))};
}

/// Returns 0, or the error.
int try_lock(int descriptor, int command) {
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  while (::fcntl(descriptor, command, &whole) != 0)
    if (errno != EINTR) return errno;
  return 0;
}

} // namespace

file_lock::file_lock(const std::filesystem::path& file, const std::function<void()>& waiting)
    : file_{::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)} {
  if (!file_) refuse(file, "cannot be created", errno);
  auto error = try_lock(file_.descriptor(), F_OFD_SETLK);
  if (error == EAGAIN || error == EACCES) {
    waiting();
    error = try_lock(file_.descriptor(), F_OFD_SETLKW);
  }
  if (error != 0) refuse(file, "cannot be locked", error);
}

} // namespace troupe
