#include "fused/conv_layer.hpp"

#include <algorithm>

namespace troupe::fused {

namespace {

std::size_t ceil_div(std::size_t a, std::size_t b) {
  return (a + b - 1) / b;
}

/// Rows of the output are as long as those of the planes that the taps run over.
std::size_t phase_width(const conv2d& c, const layout& in) {
  return c.padding.width == 0 && c.stride.width == 1
             ? in.row
             : ceil_div(in.width + 2 * to_size(c.padding.width), to_size(c.stride.width));
}

} // namespace

layout output_of(const conv2d& c, const layout& in) {
  const window w{c.kernel, c.stride, c.padding};
  const auto height = w.rows(in.height), row = phase_width(c, in);
  return {to_size(c.channels), height, w.columns(in.width), row, padded(height * row)};
}

conv_layer::conv_layer(const conv2d& c, signal& in, signal& out)
    : layer{in, out},
      kind_{c},
      padded_height_{in.shape().height + 2 * to_size(c.padding.height)},
      padded_width_{in.shape().width + 2 * to_size(c.padding.width)} {
  const auto& from = in.shape();
  const auto& to = out.shape();
  shape_.channels = to.channels;
  shape_.outputs = (to.height - 1) * to.row + to.width;
  shape_.output_plane = to.plane;
  shape_.rows = to_size(c.kernel.height);
  shape_.run = to_size(c.kernel.width) * from.channels;
  shape_.row_stride = padded(shape_.run);
  shape_.filter_stride = shape_.rows * shape_.row_stride;
  shape_.patch_stride = padded_width_ * from.channels;
  const auto rows = ceil_div(padded_height_, to_size(c.stride.height));
  phases_ = {from.channels * to_size(c.stride.height) * to_size(c.stride.width), rows, to.row,
             to.row, padded(rows * to.row)};
  make_taps();
  make_patches();
  if (!is_plain()) arranged_ = buffer<float>{phases_.size()};
  out.want_sparse();
  interleaved_stride_ = padded(padded_height_ * shape_.patch_stride + slack);
  in_gradient_ = buffer<float>{interleaved_stride_};
  values_ = buffer<float>{shape_.outputs};
  chosen_ = buffer<std::int32_t>{shape_.outputs};
}

/// Whether the input can be read as it is.
bool conv_layer::is_plain() const noexcept {
  return kind_.stride.height == 1 && kind_.stride.width == 1 && kind_.padding.height == 0 &&
         kind_.padding.width == 0;
}

void conv_layer::make_taps() {
  const auto& from = in_.shape();
  const auto plane = is_plain() ? from.plane : phases_.plane;
  const auto stride_y = to_size(kind_.stride.height), stride_x = to_size(kind_.stride.width);
  for (std::size_t y = 0; y < shape_.rows; ++y)
    for (std::size_t x = 0; x < to_size(kind_.kernel.width); ++x)
      for (std::size_t c = 0; c < from.channels; ++c) {
        const auto phase = (c * stride_y + y % stride_y) * stride_x + x % stride_x;
        taps_.push_back(static_cast<std::int32_t>(phase * plane + y / stride_y * out_.shape().row +
                                                  x / stride_x));
      }
  shape_.taps = taps_.data();
}

void conv_layer::make_patches() {
  patches_ = buffer<std::int32_t>{shape_.outputs};
  const auto& to = out_.shape();
  for (std::size_t y = 0; y < to.height; ++y)
    for (std::size_t x = 0; x < to.width; ++x)
      patches_.data()[y * to.row + x] =
          static_cast<std::int32_t>(y * to_size(kind_.stride.height) * shape_.patch_stride +
                                    x * to_size(kind_.stride.width) * in_.shape().channels);
}

std::size_t conv_layer::parameter_count() const {
  return shape_.channels * shape_.filter_stride + padded(shape_.channels);
}

std::vector<parameter_tensor> conv_layer::place_parameters(std::size_t first) {
  first_ = first;
  const auto channels = in_.shape().channels;
  const auto columns = to_size(kind_.kernel.width);
  parameter_tensor weight{"weight",
                          {kind_.channels, static_cast<std::int64_t>(channels), kind_.kernel.height,
                           kind_.kernel.width},
                          shape_.rows * shape_.run,
                          {}};
  parameter_tensor bias{"bias", {kind_.channels}, shape_.rows * shape_.run, {}};
  for (std::size_t o = 0; o < shape_.channels; ++o) {
    for (std::size_t c = 0; c < channels; ++c)
      for (std::size_t y = 0; y < shape_.rows; ++y)
        for (std::size_t x = 0; x < columns; ++x)
          weight.places.push_back(static_cast<std::uint32_t>(
              first + o * shape_.filter_stride + y * shape_.row_stride + x * channels + c));
    bias.places.push_back(
        static_cast<std::uint32_t>(first + shape_.channels * shape_.filter_stride + o));
  }
  return {std::move(weight), std::move(bias)};
}

void conv_layer::reserve(std::size_t batch) {
  interleaved_ = buffer<float>{batch * interleaved_stride_};
}

/// Returns the image as the taps want it: padded, and with a stride each phase by itself.
const float* conv_layer::arrange(const float* image) {
  if (is_plain()) return image;
  const auto& from = in_.shape();
  const auto stride_y = to_size(kind_.stride.height), stride_x = to_size(kind_.stride.width);
  for (std::size_t c = 0; c < from.channels; ++c)
    for (std::size_t y = 0; y < from.height; ++y) {
      const auto to_y = y + to_size(kind_.padding.height);
      const float* row = image + c * from.plane + y * from.row;
      for (std::size_t x = 0; x < from.width; ++x) {
        const auto to_x = x + to_size(kind_.padding.width);
        const auto phase = (c * stride_y + to_y % stride_y) * stride_x + to_x % stride_x;
        arranged_.data()[phase * phases_.plane + to_y / stride_y * phases_.row + to_x / stride_x] =
            row[x];
      }
    }
  return arranged_.data();
}

void conv_layer::interleave_image(const step_context& step, std::size_t image) {
  if (!step.training) return;
  const auto& from = in_.shape();
  auto* to = interleaved_.data() + image * interleaved_stride_;
  const auto* planes = in_.values(image);
  if (padded_width_ == from.width && from.row == from.width && padded_height_ == from.height)
    return interleave(from.channels, from.height * from.row, from.plane, planes, to);
  to += to_size(kind_.padding.height) * shape_.patch_stride +
        to_size(kind_.padding.width) * from.channels;
  for (std::size_t y = 0; y < from.height; ++y)
    for (std::size_t c = 0; c < from.channels; ++c) {
      const auto* row = planes + c * from.plane + y * from.row;
      for (std::size_t x = 0; x < from.width; ++x)
        to[y * shape_.patch_stride + x * from.channels + c] = row[x];
    }
}

void conv_layer::forward(const step_context& step, images all) {
  const float* weights = step.weights + first_;
  for (auto i = all.first; i < all.first + all.count; ++i) {
    conv_forward(shape_, arrange(in_.values(i)), weights,
                 weights + shape_.channels * shape_.filter_stride, out_.values(i));
    interleave_image(step, i);
  }
}

/// Returns the gradients of one output plane that are not 0.
sparse_gradients conv_layer::gradients_of(std::size_t image, std::size_t channel) {
  if (out_.sparse) {
    const auto count = out_.sparse->count(channel);
    auto* places = out_.sparse->places(channel);
    for (std::size_t k = 0; k < count; ++k)
      places[k] = patches_.data()[places[k]];
    return {count, out_.sparse->values(channel), places};
  }
  const auto count = collect(shape_.outputs, out_.gradients(image) + channel * shape_.output_plane,
                             patches_.data(), values_.data(), chosen_.data());
  return {count, values_.data(), chosen_.data()};
}

void conv_layer::backward(const step_context& step, images all, bool wants_input_gradient,
                          updater& /*u*/) {
  float* gradient = step.gradients + first_;
  const float* weights = step.weights + first_;
  for (auto i = all.first; i < all.first + all.count; ++i) {
    const auto* interleaved = interleaved_.data() + i * interleaved_stride_;
    if (wants_input_gradient)
      std::fill_n(in_gradient_.data(), padded_height_ * shape_.patch_stride, 0.0F);
    for (std::size_t c = 0; c < shape_.channels; ++c) {
      const auto g = gradients_of(i, c);
      conv_weight_gradient(shape_, g, interleaved, gradient + c * shape_.filter_stride);
      float& bias = gradient[shape_.channels * shape_.filter_stride + c];
      for (std::size_t k = 0; k < g.count; ++k)
        bias += g.values[k];
      if (wants_input_gradient)
        conv_input_gradient(shape_, g, weights + c * shape_.filter_stride, in_gradient_.data());
    }
    if (wants_input_gradient) input_gradient_of(i);
  }
}

/// Takes the gradient of the input apart again, without its padding.
void conv_layer::input_gradient_of(std::size_t image) {
  const auto& from = in_.shape();
  const auto* together = in_gradient_.data() + to_size(kind_.padding.height) * shape_.patch_stride +
                         to_size(kind_.padding.width) * from.channels;
  auto* apart = in_.gradients(image);
  for (std::size_t c = 0; c < from.channels; ++c)
    for (std::size_t y = 0; y < from.height; ++y)
      for (std::size_t x = 0; x < from.width; ++x)
        apart[c * from.plane + y * from.row + x] =
            together[y * shape_.patch_stride + x * from.channels + c];
}

void conv_layer::finish(const step_context& step, updater& u) {
  u.update(first_, parameter_count(), step.gradients + first_);
  std::fill_n(step.gradients + first_, parameter_count(), 0.0F);
}

} // namespace troupe::fused
