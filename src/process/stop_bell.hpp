#pragma once

#include "process/descriptor_owner.hpp"

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
        ring_{std::move(token), [this] { eventfd_write(event_.number(), 1); }} {
    if (event_.number() < 0)
      throw std::system_error{errno, std::generic_category(), "an event cannot be watched"};
  }

  int descriptor() const noexcept { return event_.number(); }

private:
  descriptor_owner event_;
  std::stop_callback<std::function<void()>> ring_;
};

} // namespace troupe
