#pragma once

#include "base/file_handle.hpp"

#include <cerrno>
#include <functional>
#include <stop_token>
#include <sys/eventfd.h>
#include <system_error>
#include <utility>

namespace troupe {

/// A descriptor that can be read once a stop token has been requested to stop: for poll(2).
class stop_bell {
public:
  /// Throws std::system_error if there can be none.
  explicit stop_bell(std::stop_token token)
      : event_{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)},
        ring_{std::move(token), [this] { eventfd_write(event_.descriptor(), 1); }} {
    if (event_.descriptor() < 0)
      throw std::system_error{errno, std::generic_category(), "an event cannot be watched"};
  }

  int descriptor() const noexcept { return event_.descriptor(); }

private:
  file_handle event_;
  std::stop_callback<std::function<void()>> ring_;
};

} // namespace troupe
