#pragma once

#include "base/file_handle.hpp"

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace troupe {

/// The pipe by which a process is read: without blocking.
struct output_pipe {
  file_handle reading, writing;

  /// Throws std::system_error if there can be none.
  output_pipe() {
    int ends[2] = {-1, -1};
    if (pipe2(ends, O_CLOEXEC) != 0)
      throw std::system_error{errno, std::generic_category(), "a pipe cannot be made"};
    reading = file_handle{ends[0]};
    writing = file_handle{ends[1]};
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
  }
};

} // namespace troupe
