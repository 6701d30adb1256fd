#pragma once

#include <unistd.h>
#include <utility>

namespace troupe {

/// A file descriptor that is closed with its owner.
class descriptor_owner {
public:
  descriptor_owner() = default;
  explicit descriptor_owner(int descriptor) noexcept : descriptor_{descriptor} {}
  ~descriptor_owner() { reset(); }
  descriptor_owner(descriptor_owner&& other) noexcept
      : descriptor_{std::exchange(other.descriptor_, -1)} {}
  descriptor_owner& operator=(descriptor_owner&& other) noexcept {
    reset();
    descriptor_ = std::exchange(other.descriptor_, -1);
    return *this;
  }

  int number() const noexcept { return descriptor_; } ///< -1 if there is none.

  void reset() noexcept {
    if (descriptor_ >= 0) close(std::exchange(descriptor_, -1));
  }

private:
  int descriptor_ = -1;
};

} // namespace troupe
