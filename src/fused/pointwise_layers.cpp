#include "fused/pointwise_layers.hpp"

#include <troupe/random.hpp>

#include <algorithm>

namespace troupe::fused {

// -- activations ---------------------------------------------------------------------------------

void relu_layer::forward(const step_context& /*step*/, images all) {
  for (auto i = all.first; i < all.first + all.count; ++i)
    relu_forward(in_.shape().size(), in_.values(i), out_.values(i));
}

void relu_layer::backward(const step_context& /*step*/, images all, bool wants_input_gradient,
                          updater& /*u*/) {
  if (!wants_input_gradient) return;
  for (auto i = all.first; i < all.first + all.count; ++i)
    relu_backward(in_.shape().size(), out_.values(i), out_.gradients(i), in_.gradients(i));
}

void tanh_layer::forward(const step_context& /*step*/, images all) {
  for (auto i = all.first; i < all.first + all.count; ++i)
    tanh_forward(in_.shape().size(), in_.values(i), out_.values(i));
}

void tanh_layer::backward(const step_context& /*step*/, images all, bool wants_input_gradient,
                          updater& /*u*/) {
  if (!wants_input_gradient) return;
  for (auto i = all.first; i < all.first + all.count; ++i)
    tanh_backward(in_.shape().size(), out_.values(i), out_.gradients(i), in_.gradients(i));
}

// -- dropout -------------------------------------------------------------------------------------

dropout_layer::dropout_layer(double p, std::size_t number, signal& in, signal& out)
    : layer{in, out},
      p_{p},
      purpose_{"dropout " + std::to_string(number)} {}

void dropout_layer::reserve(std::size_t batch) {
  factors_ = buffer<float>{batch * in_.shape().size()};
}

void dropout_layer::forward(const step_context& step, images all) {
  const auto size = in_.shape().size();
  const auto kept = static_cast<float>(1 / (1 - p_));
  for (auto i = all.first; i < all.first + all.count; ++i) {
    if (!step.training) {
      std::copy_n(in_.values(i), size, out_.values(i));
      continue;
    }
    auto* factors = factors_.data() + i * size;
    random_stream random{step.seed + step.first + i, step.step, purpose_};
    for (std::size_t k = 0; k < size; ++k)
      factors[k] = random.uniform() < p_ ? 0.0F : kept;
    multiply(size, in_.values(i), factors, out_.values(i));
  }
}

void dropout_layer::backward(const step_context& /*step*/, images all, bool wants_input_gradient,
                             updater& /*u*/) {
  if (!wants_input_gradient) return;
  const auto size = in_.shape().size();
  for (auto i = all.first; i < all.first + all.count; ++i)
    multiply(size, out_.gradients(i), factors_.data() + i * size, in_.gradients(i));
}

// -- flatten -------------------------------------------------------------------------------------

namespace {

/// Calls f(row among features, row in the image) for each row.
template <class F>
void for_each_row(const layout& image, F f) {
  std::size_t feature = 0;
  for (std::size_t c = 0; c < image.channels; ++c)
    for (std::size_t y = 0; y < image.height; ++y, feature += image.width)
      f(feature, c * image.plane + y * image.row);
}

} // namespace

void flatten_layer::forward(const step_context& /*step*/, images all) {
  for (auto i = all.first; i < all.first + all.count; ++i)
    for_each_row(in_.shape(), [&](std::size_t feature, std::size_t pixel) {
      std::copy_n(in_.values(i) + pixel, in_.shape().width, out_.values(i) + feature);
    });
}

void flatten_layer::backward(const step_context& /*step*/, images all, bool wants_input_gradient,
                             updater& /*u*/) {
  if (!wants_input_gradient) return;
  for (auto i = all.first; i < all.first + all.count; ++i) {
    std::fill_n(in_.gradients(i), in_.shape().size(), 0.0F);
    for_each_row(in_.shape(), [&](std::size_t feature, std::size_t pixel) {
      std::copy_n(out_.gradients(i) + feature, in_.shape().width, in_.gradients(i) + pixel);
    });
  }
}

} // namespace troupe::fused
