#pragma once

#include <troupe/fused.hpp>

#include <cstddef>
#include <cstdint>

namespace troupe::fused {

constexpr std::size_t to_size(std::int64_t n) {
  return static_cast<std::size_t>(n);
}

/// A window that goes over an image.
struct window {
  extent kernel, stride, padding;

  /// How often it fits into so many rows, or columns.
  /// @{
  std::size_t rows(std::size_t in) const {
    return fits(in, kernel.height, stride.height, padding.height);
  }
  std::size_t columns(std::size_t in) const {
    return fits(in, kernel.width, stride.width, padding.width);
  }
  /// @}

private:
  static std::size_t fits(std::size_t in, std::int64_t kernel, std::int64_t stride,
                          std::int64_t padding) {
    return (in + 2 * to_size(padding) - to_size(kernel)) / to_size(stride) + 1;
  }
};

} // namespace troupe::fused
