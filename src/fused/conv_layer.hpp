#pragma once

#include "fused/layer.hpp"
#include "fused/window.hpp"

namespace troupe::fused {

/// The layout of what a convolution makes of an image.
layout output_of(const conv2d& c, const layout& in);

/// A convolution. It keeps each image in two forms: with planes apart for the forward pass, where
/// padding is written out and a stride makes the image several smaller ones, and with channels
/// together for the backward pass.
class conv_layer : public layer {
public:
  conv_layer(const conv2d& c, signal& in, signal& out);

  std::size_t parameter_count() const override;
  std::vector<parameter_tensor> place_parameters(std::size_t first) override;
  void reserve(std::size_t batch) override;
  void forward(const step_context& step, images i) override;
  void backward(const step_context& step, images i, bool wants_input_gradient, updater& u) override;
  void finish(const step_context& step, updater& u) override;

private:
  bool is_plain() const noexcept;
  void make_taps();
  void make_patches();
  const float* arrange(const float* image);
  void interleave_image(const step_context& step, std::size_t image);
  sparse_gradients gradients_of(std::size_t image, std::size_t channel);
  void input_gradient_of(std::size_t image);

  conv2d kind_;
  conv_shape shape_{};
  std::size_t padded_height_, padded_width_; ///< Of the input.
  std::size_t first_ = 0;                    ///< Where the parameters begin.
  layout phases_; ///< Of arranged_: planes of each phase of each channel.
  std::vector<std::int32_t> taps_;
  buffer<std::int32_t> patches_; ///< For each output, where in the interleaved image it looks.
  buffer<float> arranged_;       ///< One image, where it is not plain.
  buffer<float> interleaved_;    ///< [batch]
  std::size_t interleaved_stride_ = 0;
  buffer<float> in_gradient_;   ///< Interleaved, one image.
  buffer<float> values_;        ///< Output gradients of one plane that are not 0,
  buffer<std::int32_t> chosen_; ///< and where their patches are.
};

} // namespace troupe::fused
