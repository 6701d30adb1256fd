#pragma once

#include <unistd.h>
#include <utility>

namespace troupe {

/// Owns a file descriptor. One that was moved from has none.
class file_handle {
public:
  explicit file_handle(int descriptor) noexcept : descriptor_{descriptor} {}
  file_handle(file_handle&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}
  file_handle& operator=(file_handle&&) = delete;
  ~file_handle() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  /// Returns whether there is one: false if the system call that was to open it failed.
  explicit operator bool() const noexcept { return descriptor_ >= 0; }
  int descriptor() const noexcept { return descriptor_; }

private:
  int descriptor_;
};

} // namespace troupe
