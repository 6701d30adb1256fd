#pragma once

#include "base/file_handle.hpp"

#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <system_error>

namespace troupe {

/// A stream socket of which another process gets one end.
struct socket_pair {
  file_handle mine, others;

  /// Throws std::system_error if there can be none.
  socket_pair() {
    std::array<int, 2> ends{-1, -1};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
      throw std::system_error{errno, std::generic_category(), "a socket cannot be made"};
    mine = file_handle{ends[0]};
    others = file_handle{ends[1]};
  }
};

/// Returns whether a descriptor is a socket.
inline bool is_socket(int descriptor) noexcept {
  int kind = 0;
  socklen_t size = sizeof kind;
  return getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &kind, &size) == 0;
}

} // namespace troupe
