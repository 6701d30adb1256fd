#pragma once

#include "fused/layer.hpp"
#include "fused/window.hpp"

namespace troupe::fused {

/// The layout of what a window leaves of an image.
layout output_of(const window& w, const layout& in);

class max_pool_layer : public layer {
public:
  max_pool_layer(const window& w, signal& in, signal& out);

  void reserve(std::size_t batch) override;
  void forward(const step_context& step, images i) override;
  void backward(const step_context& step, images i, bool wants_input_gradient, updater& u) override;

private:
  bool is_2x2() const noexcept;
  void pool_plane(const float* in, float* out, std::int32_t* which) const;
  void list_gradients(std::size_t image);

  /// Where in its plane the greatest of output (y, x) was.
  std::int32_t place(std::size_t y, std::size_t x, std::int32_t which) const;

  window window_;
  std::vector<std::int32_t> in_block_; ///< Of 2x2 pooling: where a block's elements are in a plane.
  /// [batch]: which was the greatest: of 2x2 pooling its number in the block, else its place.
  buffer<std::int32_t> which_;
  std::size_t which_stride_ = 0;
};

/// The mean of each window; padding counts as zeros, as in PyTorch.
class average_pool_layer : public layer {
public:
  average_pool_layer(const window& w, signal& in, signal& out);

  void forward(const step_context& step, images i) override;
  void backward(const step_context& step, images i, bool wants_input_gradient, updater& u) override;

private:
  window window_;
};

} // namespace troupe::fused
