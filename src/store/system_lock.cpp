#include "store/system_lock.hpp"

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace troupe {

bool lock_whole(int descriptor) {
  struct flock whole = {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  if (::fcntl(descriptor, F_OFD_SETLK, &whole) == 0) return true;
  if (errno == EAGAIN || errno == EACCES) return false;
  throw std::system_error{errno, std::generic_category()};
}

bool is_locked(const std::filesystem::path& file) noexcept {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  struct flock whole = {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  const bool known = ::fcntl(descriptor, F_OFD_GETLK, &whole) == 0;
  ::close(descriptor);
  return known && whole.l_type != F_UNLCK;
}

bool knows_locks(const std::filesystem::path& file) noexcept {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return true; // whatever is wrong, it is not that
  struct flock first = {};
  first.l_type = F_RDLCK;
  first.l_whence = SEEK_SET;
  first.l_len = 1;
  const bool known =
      ::fcntl(descriptor, F_SETLK, &first) == 0 || errno == EAGAIN || errno == EACCES;
  ::close(descriptor);
  return known;
}

} // namespace troupe
