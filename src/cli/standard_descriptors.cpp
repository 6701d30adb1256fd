#include "cli/standard_descriptors.hpp"

#include "cli/output_error.hpp"

#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace troupe {

void occupy_standard_descriptors() noexcept {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (::fcntl(fd, F_GETFD) >= 0) continue;
    // The lowest free number is given, which is this one, and it stays open for good.
    (void)::open("/", O_PATH | O_DIRECTORY);
  }
}

void require_writable(int fd) {
  const int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0 || (flags & O_PATH) != 0 || (flags & O_ACCMODE) == O_RDONLY)
    throw output_error{EBADF};
  pollfd polled{fd, POLLOUT, 0};
  if (::poll(&polled, 1, 0) > 0 && (polled.revents & POLLERR) != 0) throw output_error{EPIPE};
}

} // namespace troupe
