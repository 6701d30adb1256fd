#include "process/reaping.hpp"

#include <cerrno>
#include <csignal>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace troupe {

file_handle watch_child(pid_t id) noexcept {
  // The C library lacks a name for it, or has a wrong one.
  return file_handle{static_cast<int>(syscall(SYS_pidfd_open, id, 0))};
}

int reap_with_group(pid_t id) noexcept {
  siginfo_t info{};
  // It is still a zombie when its group is killed, so that no other group can have its number.
  while (waitid(P_PID, static_cast<id_t>(id), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
  }
  kill(-id, SIGKILL);
  int status = 0;
  while (waitpid(id, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

} // namespace troupe
