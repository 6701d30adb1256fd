#pragma once

#include <unistd.h>
#include <utility>

namespace troupe {

/// Owns a file descriptor. One that was made with none, or moved from, has none.
class file_handle {
public:
  file_handle() = default;
  explicit file_handle(int descriptor) noexcept : descriptor_{descriptor} {}
  file_handle(file_handle&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}
  file_handle& operator=(file_handle&& other) noexcept {
    reset();
    descriptor_ = std::exchange(other.descriptor_, -1);
    return *this;
  }
  ~file_handle() { reset(); }

  /// Returns whether there is one: false if the system call that was to open it failed.
  explicit operator bool() const noexcept { return descriptor_ >= 0; }
  int descriptor() const noexcept { return descriptor_; } ///< -1 if there is none.

  void reset() noexcept {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  }

private:
  int descriptor_ = -1;
};

} // namespace troupe
