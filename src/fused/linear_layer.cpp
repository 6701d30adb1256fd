#include "fused/linear_layer.hpp"

#include <algorithm>

namespace troupe::fused {

linear_layer::linear_layer(signal& in, signal& out) : layer{in, out} {
  shape_.inputs = in.shape().width;
  shape_.outputs = out.shape().width;
  shape_.stride = padded(shape_.outputs);
  shape_.in_stride = in.shape().size();
  shape_.out_stride = out.shape().size();
  rows_ = std::max<std::size_t>(1, updated_at_a_time / shape_.stride);
  gradient_ = buffer<float>{rows_ * shape_.stride};
}

std::size_t linear_layer::parameter_count() const {
  return (shape_.inputs + 1) * shape_.stride;
}

std::vector<parameter_tensor> linear_layer::place_parameters(std::size_t first) {
  first_ = first;
  const auto in = static_cast<std::int64_t>(shape_.inputs);
  const auto out = static_cast<std::int64_t>(shape_.outputs);
  parameter_tensor weight{"weight", {out, in}, shape_.inputs, {}};
  parameter_tensor bias{"bias", {out}, shape_.inputs, {}};
  for (std::size_t o = 0; o < shape_.outputs; ++o) {
    for (std::size_t i = 0; i < shape_.inputs; ++i)
      weight.places.push_back(static_cast<std::uint32_t>(first + i * shape_.stride + o));
    bias.places.push_back(static_cast<std::uint32_t>(first + shape_.inputs * shape_.stride + o));
  }
  return {std::move(weight), std::move(bias)};
}

void linear_layer::forward(const step_context& step, images all) {
  const auto* weights = step.weights + first_;
  linear_forward(shape_, all.count, in_.values(all.first), weights,
                 weights + shape_.inputs * shape_.stride, out_.values(all.first));
}

void linear_layer::backward(const step_context& step, images all, bool wants_input_gradient,
                            updater& u) {
  const auto* weights = step.weights + first_;
  const auto* in = in_.values(all.first);
  const auto* out_gradient = out_.gradients(all.first);
  for (std::size_t row = 0; row < shape_.inputs; row += rows_) {
    const auto count = std::min(rows_, shape_.inputs - row);
    if (wants_input_gradient)
      linear_input_gradient(shape_, all.count, row, count, out_gradient, weights,
                            in_.gradients(all.first));
    linear_weight_gradient(shape_, all.count, row, count, in, out_gradient, gradient_.data());
    u.update(first_ + row * shape_.stride, count * shape_.stride, gradient_.data());
  }
  std::fill_n(gradient_.data(), shape_.stride, 0.0F);
  for (std::size_t i = 0; i < all.count; ++i)
    for (std::size_t o = 0; o < shape_.outputs; ++o)
      gradient_.data()[o] += out_gradient[i * shape_.out_stride + o];
  u.update(first_ + shape_.inputs * shape_.stride, shape_.stride, gradient_.data());
}

} // namespace troupe::fused
