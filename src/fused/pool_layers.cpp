#include "fused/pool_layers.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace troupe::fused {

namespace {

/// What of a window lies in an image, for output pixel (y, x).
struct part {
  std::int64_t top, left;                      ///< Of the window; may be outside.
  std::int64_t first_y, end_y, first_x, end_x; ///< In the window.

  part(const window& w, const layout& in, std::size_t y, std::size_t x)
      : top{static_cast<std::int64_t>(y) * w.stride.height - w.padding.height},
        left{static_cast<std::int64_t>(x) * w.stride.width - w.padding.width},
        first_y{std::max<std::int64_t>(0, -top)},
        end_y{std::min(w.kernel.height, static_cast<std::int64_t>(in.height) - top)},
        first_x{std::max<std::int64_t>(0, -left)},
        end_x{std::min(w.kernel.width, static_cast<std::int64_t>(in.width) - left)} {}

  /// Where element (v, u) of the window is in its plane.
  std::int64_t at(const layout& in, std::int64_t v, std::int64_t u) const {
    return (top + v) * static_cast<std::int64_t>(in.row) + left + u;
  }
};

} // namespace

layout output_of(const window& w, const layout& in) {
  return layout::image(in.channels, w.rows(in.height), w.columns(in.width));
}

// -- the greatest --------------------------------------------------------------------------------

max_pool_layer::max_pool_layer(const window& w, signal& in, signal& out)
    : layer{in, out},
      window_{w},
      which_stride_{out.shape().size()} {
  if (in.wants_sparse())
    in.sparse.emplace(in.shape().channels, out.shape().height * out.shape().width);
  const auto row = static_cast<std::int32_t>(in.shape().row);
  if (is_2x2()) in_block_ = {0, 1, row, row + 1};
}

void max_pool_layer::reserve(std::size_t batch) {
  which_ = buffer<std::int32_t>{batch * which_stride_};
}

std::int32_t max_pool_layer::place(std::size_t y, std::size_t x, std::int32_t which) const {
  if (in_block_.empty()) return which;
  return static_cast<std::int32_t>(2 * (y * in_.shape().row + x)) + in_block_[to_size(which)];
}

bool max_pool_layer::is_2x2() const noexcept {
  return window_.kernel == extent{2} && window_.stride == extent{2} && window_.padding == extent{0};
}

void max_pool_layer::pool_plane(const float* in, float* out, std::int32_t* which) const {
  const auto& from = in_.shape();
  const auto& to = out_.shape();
  for (std::size_t y = 0; y < to.height; ++y)
    for (std::size_t x = 0; x < to.width; ++x) {
      const part seen{window_, from, y, x};
      float greatest = -std::numeric_limits<float>::infinity();
      auto place = seen.at(from, seen.first_y, seen.first_x);
      for (auto v = seen.first_y; v < seen.end_y; ++v)
        for (auto u = seen.first_x; u < seen.end_x; ++u) {
          const auto at = seen.at(from, v, u);
          const float value = in[at];
          if (!(value > greatest) && !std::isnan(value)) continue;
          greatest = value;
          place = at;
        }
      *out++ = greatest;
      *which++ = static_cast<std::int32_t>(place);
    }
}

void max_pool_layer::forward(const step_context& step, images all) {
  const auto& from = in_.shape();
  const auto& to = out_.shape();
  for (auto i = all.first; i < all.first + all.count; ++i)
    for (std::size_t c = 0; c < to.channels; ++c) {
      const float* in = in_.values(i) + c * from.plane;
      float* out = out_.values(i) + c * to.plane;
      auto* which = which_.data() + (step.training ? i * which_stride_ : 0) + c * to.plane;
      if (is_2x2())
        max_pool_2x2({to.height, to.width, from.row}, in, out, which);
      else
        pool_plane(in, out, which);
    }
}

/// The gradients that are not 0, which are few, and where they belong.
void max_pool_layer::list_gradients(std::size_t image) {
  const auto& to = out_.shape();
  for (std::size_t c = 0; c < to.channels; ++c) {
    const float* out = out_.gradients(image) + c * to.plane;
    const auto* which = which_.data() + image * which_stride_ + c * to.plane;
    float* values = in_.sparse->values(c);
    auto* places = in_.sparse->places(c);
    std::size_t count = 0;
    for (std::size_t y = 0; y < to.height; ++y) {
      for (std::size_t x = 0; x < to.width; ++x) {
        values[count] = *out;
        places[count] = place(y, x, *which++);
        count += *out++ != 0;
      }
    }
    in_.sparse->count(c) = count;
  }
}

void max_pool_layer::backward(const step_context& /*step*/, images all, bool wants_input_gradient,
                              updater& /*u*/) {
  if (!wants_input_gradient) return;
  if (in_.sparse) {
    for (auto i = all.first; i < all.first + all.count; ++i)
      list_gradients(i);
    return;
  }
  const auto& from = in_.shape();
  const auto& to = out_.shape();
  for (auto i = all.first; i < all.first + all.count; ++i) {
    std::fill_n(in_.gradients(i), from.size(), 0.0F);
    for (std::size_t c = 0; c < to.channels; ++c) {
      const float* out = out_.gradients(i) + c * to.plane;
      const auto* which = which_.data() + i * which_stride_ + c * to.plane;
      float* in = in_.gradients(i) + c * from.plane;
      for (std::size_t y = 0; y < to.height; ++y) {
        for (std::size_t x = 0; x < to.width; ++x)
          in[place(y, x, *which++)] += *out++;
      }
    }
  }
}

// -- the mean ------------------------------------------------------------------------------------

average_pool_layer::average_pool_layer(const window& w, signal& in, signal& out)
    : layer{in, out},
      window_{w} {}

void average_pool_layer::forward(const step_context& /*step*/, images all) {
  const auto& from = in_.shape();
  const auto& to = out_.shape();
  const auto area = static_cast<float>(window_.kernel.height * window_.kernel.width);
  for (auto i = all.first; i < all.first + all.count; ++i)
    for (std::size_t c = 0; c < to.channels; ++c) {
      const float* in = in_.values(i) + c * from.plane;
      float* out = out_.values(i) + c * to.plane;
      for (std::size_t y = 0; y < to.height; ++y)
        for (std::size_t x = 0; x < to.width; ++x) {
          const part seen{window_, from, y, x};
          float sum = 0;
          for (auto v = seen.first_y; v < seen.end_y; ++v)
            for (auto u = seen.first_x; u < seen.end_x; ++u)
              sum += in[seen.at(from, v, u)];
          *out++ = sum / area;
        }
    }
}

void average_pool_layer::backward(const step_context& /*step*/, images all,
                                  bool wants_input_gradient, updater& /*u*/) {
  if (!wants_input_gradient) return;
  const auto& from = in_.shape();
  const auto& to = out_.shape();
  const auto area = static_cast<float>(window_.kernel.height * window_.kernel.width);
  for (auto i = all.first; i < all.first + all.count; ++i) {
    std::fill_n(in_.gradients(i), from.size(), 0.0F);
    for (std::size_t c = 0; c < to.channels; ++c) {
      const float* out = out_.gradients(i) + c * to.plane;
      float* in = in_.gradients(i) + c * from.plane;
      for (std::size_t y = 0; y < to.height; ++y)
        for (std::size_t x = 0; x < to.width; ++x) {
          const part seen{window_, from, y, x};
          const float share = *out++ / area;
          for (auto v = seen.first_y; v < seen.end_y; ++v)
            for (auto u = seen.first_x; u < seen.end_x; ++u)
              in[seen.at(from, v, u)] += share;
        }
    }
  }
}

} // namespace troupe::fused
