#pragma once

#include "fused/buffer.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace troupe::fused {

/// How one image lies in memory: plane after plane, row after row. A vector of features is an image
/// of one row. Between rows, and between planes, there may be gaps.
struct layout {
  std::size_t channels, height, width;
  std::size_t row;   ///< From one row to the next.
  std::size_t plane; ///< From one plane to the next: a multiple of row_multiple.

  static layout image(std::size_t channels, std::size_t height, std::size_t width) {
    return {channels, height, width, width, padded(height * width)};
  }
  static layout features(std::size_t count) { return image(1, 1, count); }

  std::size_t size() const noexcept { return channels * plane; }
  std::size_t elements() const noexcept { return channels * height * width; }
};

/// Gradients of one image that are not 0, plane by plane, and where in their planes they are. A
/// place may come twice: what counts is the sum.
class sparse_planes {
public:
  /// Each plane has at most so many.
  sparse_planes(std::size_t planes, std::size_t most)
      : stride_{padded(most)},
        counts_(planes),
        values_{planes * stride_},
        places_{planes * stride_} {}

  std::size_t& count(std::size_t plane) { return counts_[plane]; }
  float* values(std::size_t plane) { return values_.data() + plane * stride_; }
  std::int32_t* places(std::size_t plane) { return places_.data() + plane * stride_; }

private:
  std::size_t stride_;
  std::vector<std::size_t> counts_;
  buffer<float> values_;
  buffer<std::int32_t> places_;
};

/// What one layer hands to the next: values, and in the backward pass their gradients.
///
/// Where a layer needs the values again in the backward pass, each image of the batch has its own;
/// else all share one, which stays in the cache.
class signal {
public:
  explicit signal(layout shape) : shape_{shape} {}

  /// The layer that made the values would rather have its gradients one by one, and says so; the
  /// layer that has few of them then puts them here, and nothing else.
  /// @{
  void want_sparse() { wants_sparse_ = true; }
  bool wants_sparse() const { return wants_sparse_; }
  std::optional<sparse_planes> sparse;
  /// @}

  const layout& shape() const noexcept { return shape_; }

  /// Makes room for a batch.
  void reserve(std::size_t batch, bool values_apart, bool gradients_apart) {
    const auto size = shape_.size();
    values_ = buffer<float>{values_apart ? batch * size : size};
    gradients_ = buffer<float>{gradients_apart ? batch * size : size};
    own_stride_ = values_apart ? size : 0;
    gradient_stride_ = gradients_apart ? size : 0;
    value_stride_ = own_stride_;
  }

  /// Lets all images share the values, where no backward pass follows, or have their own again.
  void share(bool shared) noexcept { value_stride_ = shared ? 0 : own_stride_; }

  float* values(std::size_t image) noexcept { return values_.data() + image * value_stride_; }
  float* gradients(std::size_t image) noexcept {
    return gradients_.data() + image * gradient_stride_;
  }

private:
  layout shape_;
  bool wants_sparse_ = false;
  buffer<float> values_, gradients_;
  std::size_t own_stride_ = 0, value_stride_ = 0, gradient_stride_ = 0;
};

} // namespace troupe::fused
