#include "fused/kernels.hpp"

#include <algorithm>
#include <bit>
#include <utility>

// The order matters.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "fused/conv_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "fused/lanes-inl.hpp"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace troupe::fused::HWY_NAMESPACE {

/// How many vectors stay in registers as sums, beside those that come and go.
constexpr std::size_t sums = HWY_TARGET <= HWY_AVX3 ? 24 : 12;
constexpr std::size_t most_channels = 6, most_vectors = 4;

// -- forward -------------------------------------------------------------------------------------

/// A part of the output that stays in registers while all taps are added to it.
template <std::size_t Channels, std::size_t Vectors>
void conv_tile(const conv_shape& s, const float* HWY_RESTRICT in, const float* HWY_RESTRICT weights,
               const float* HWY_RESTRICT bias, float* HWY_RESTRICT out) {
  const floats d;
  vec sum[Channels][Vectors];
#pragma GCC unroll 8
  for (std::size_t c = 0; c < Channels; ++c)
#pragma GCC unroll 8
    for (std::size_t v = 0; v < Vectors; ++v)
      sum[c][v] = hn::Set(d, bias[c]);
  const auto* tap = s.taps;
  for (std::size_t row = 0; row < s.rows; ++row, weights += s.row_stride)
    for (std::size_t i = 0; i < s.run; ++i) {
      const float* x = in + *tap++;
      vec input[Vectors];
#pragma GCC unroll 8
      for (std::size_t v = 0; v < Vectors; ++v)
        input[v] = hn::LoadU(d, x + v * lanes);
#pragma GCC unroll 8
      for (std::size_t c = 0; c < Channels; ++c) {
        const auto weight = hn::Set(d, weights[c * s.filter_stride + i]);
#pragma GCC unroll 8
        for (std::size_t v = 0; v < Vectors; ++v)
          sum[c][v] = hn::MulAdd(weight, input[v], sum[c][v]);
      }
    }
#pragma GCC unroll 8
  for (std::size_t c = 0; c < Channels; ++c)
#pragma GCC unroll 8
    for (std::size_t v = 0; v < Vectors; ++v)
      hn::StoreU(sum[c][v], d, out + c * s.output_plane + v * lanes);
}

/// All pixels of `Channels` output planes.
template <std::size_t Channels>
void conv_planes(const conv_shape& s, const float* in, const float* weights, const float* bias,
                 float* out) {
  constexpr auto vectors = std::min(most_vectors, sums / Channels);
  const auto all = (s.outputs + lanes - 1) / lanes;
  std::size_t v = 0;
  for (; v + vectors <= all; v += vectors)
    conv_tile<Channels, vectors>(s, in + v * lanes, weights, bias, out + v * lanes);
  for (; v < all; ++v)
    conv_tile<Channels, 1>(s, in + v * lanes, weights, bias, out + v * lanes);
}

void conv_forward(const conv_shape& s, const float* in, const float* weights, const float* bias,
                  float* out) {
  in_parts<most_channels>(s.channels, [&]<std::size_t Channels>(std::size_t c) {
    conv_planes<Channels>(s, in, weights + c * s.filter_stride, bias + c, out + c * s.output_plane);
  });
}

// -- backward ------------------------------------------------------------------------------------

std::size_t collect(std::size_t count, const float* HWY_RESTRICT gradient,
                    const std::int32_t* HWY_RESTRICT patches, float* HWY_RESTRICT values,
                    std::int32_t* HWY_RESTRICT chosen) {
  const floats d;
  const auto zero = hn::Zero(d);
  std::size_t found = 0;
  for (std::size_t i = 0; i < count; i += lanes) {
    auto there = hn::Not(hn::Eq(hn::LoadU(d, gradient + i), zero)); // NaN, too
    if (count - i < lanes) there = hn::And(there, hn::FirstN(d, count - i));
    // One by one: most vectors have few, and storing some lanes of a vector is slow before AVX-512.
    std::uint64_t bits = 0;
    hn::StoreMaskBits(d, there, reinterpret_cast<std::uint8_t*>(&bits));
    for (; bits != 0; bits &= bits - 1) {
      const auto at = i + static_cast<std::size_t>(std::countr_zero(bits));
      values[found] = gradient[at];
      chosen[found++] = patches[at];
    }
  }
  return found;
}

/// The vectors of a patch, up to so many at a time.
constexpr std::size_t patch_vectors = sums == 24 ? 20 : 10;

struct patch_part {
  std::size_t offset[patch_vectors]; ///< In the interleaved image.
  std::size_t weight[patch_vectors]; ///< In the filter.
  std::size_t size[patch_vectors];   ///< Elements of the vector that mean something.
};

template <std::size_t Vectors>
void add_to_weights(const patch_part& p, const sparse_gradients& g,
                    const float* HWY_RESTRICT interleaved, float* HWY_RESTRICT gradient) {
  const floats d;
  vec sum[Vectors];
#pragma GCC unroll 20
  for (std::size_t v = 0; v < Vectors; ++v)
    sum[v] = hn::Zero(d);
  for (std::size_t i = 0; i < g.count; ++i) {
    const auto value = hn::Set(d, g.values[i]);
    const float* patch = interleaved + g.patches[i];
#pragma GCC unroll 20
    for (std::size_t v = 0; v < Vectors; ++v)
      sum[v] = hn::MulAdd(value, hn::LoadU(d, patch + p.offset[v]), sum[v]);
  }
#pragma GCC unroll 20
  for (std::size_t v = 0; v < Vectors; ++v) {
    const auto valid = hn::IfThenElseZero(hn::FirstN(d, p.size[v]), sum[v]);
    float* to = gradient + p.weight[v];
    hn::StoreU(hn::Add(hn::LoadU(d, to), valid), d, to);
  }
}

template <std::size_t Vectors>
void add_to_inputs(const patch_part& p, const sparse_gradients& g, const float* HWY_RESTRICT filter,
                   float* HWY_RESTRICT in_gradient) {
  const floats d;
  vec weight[Vectors];
#pragma GCC unroll 20
  for (std::size_t v = 0; v < Vectors; ++v)
    weight[v] = hn::LoadU(d, filter + p.weight[v]);
  for (std::size_t i = 0; i < g.count; ++i) {
    const auto value = hn::Set(d, g.values[i]);
    float* patch = in_gradient + g.patches[i];
#pragma GCC unroll 20
    for (std::size_t v = 0; v < Vectors; ++v) {
      float* to = patch + p.offset[v];
      hn::StoreU(hn::MulAdd(value, weight[v], hn::LoadU(d, to)), d, to);
    }
  }
}

/// Calls f<N>(part) for parts that together are the patch, N the vectors of the part.
template <class F>
void for_each_part(const conv_shape& s, F f) {
  patch_part part{};
  std::size_t filled = 0;
  const auto flush = [&]<std::size_t... N>(std::index_sequence<N...>) {
    ((filled == N + 1 ? f.template operator()<N + 1>(part) : void()), ...);
    filled = 0;
  };
  constexpr std::make_index_sequence<patch_vectors> sizes;
  for (std::size_t row = 0; row < s.rows; ++row)
    for (std::size_t i = 0; i < s.run; i += lanes) {
      part.offset[filled] = row * s.patch_stride + i;
      part.weight[filled] = row * s.row_stride + i;
      part.size[filled] = std::min(lanes, s.run - i);
      if (++filled == patch_vectors) flush(sizes);
    }
  flush(sizes);
}

void conv_weight_gradient(const conv_shape& s, const sparse_gradients& g, const float* interleaved,
                          float* gradient) {
  for_each_part(s, [&]<std::size_t N>(const patch_part& part) {
    add_to_weights<N>(part, g, interleaved, gradient);
  });
}

void conv_input_gradient(const conv_shape& s, const sparse_gradients& g, const float* filter,
                         float* in_gradient) {
  for_each_part(s, [&]<std::size_t N>(const patch_part& part) {
    add_to_inputs<N>(part, g, filter, in_gradient);
  });
}

void interleave(std::size_t channels, std::size_t pixels, std::size_t stride,
                const float* HWY_RESTRICT in, float* HWY_RESTRICT out) {
  const floats d;
  if (channels == 3) {
    for (std::size_t i = 0; i < pixels; i += lanes)
      hn::StoreInterleaved3(hn::LoadU(d, in + i), hn::LoadU(d, in + stride + i),
                            hn::LoadU(d, in + 2 * stride + i), d, out + 3 * i);
    return;
  }
  for (std::size_t c = 0; c < channels; ++c)
    for (std::size_t i = 0; i < pixels; ++i)
      out[i * channels + c] = in[c * stride + i];
}

} // namespace troupe::fused::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace troupe::fused {

HWY_EXPORT(conv_forward);
HWY_EXPORT(collect);
HWY_EXPORT(conv_weight_gradient);
HWY_EXPORT(conv_input_gradient);
HWY_EXPORT(interleave);

void conv_forward(const conv_shape& s, const float* in, const float* weights, const float* bias,
                  float* out) {
  HWY_DYNAMIC_DISPATCH(conv_forward)(s, in, weights, bias, out);
}

std::size_t collect(std::size_t count, const float* gradient, const std::int32_t* patches,
                    float* values, std::int32_t* chosen) {
  return HWY_DYNAMIC_DISPATCH(collect)(count, gradient, patches, values, chosen);
}

void conv_weight_gradient(const conv_shape& s, const sparse_gradients& g, const float* interleaved,
                          float* gradient) {
  HWY_DYNAMIC_DISPATCH(conv_weight_gradient)(s, g, interleaved, gradient);
}

void conv_input_gradient(const conv_shape& s, const sparse_gradients& g, const float* filter,
                         float* in_gradient) {
  HWY_DYNAMIC_DISPATCH(conv_input_gradient)(s, g, filter, in_gradient);
}

void interleave(std::size_t channels, std::size_t pixels, std::size_t stride, const float* in,
                float* out) {
  HWY_DYNAMIC_DISPATCH(interleave)(channels, pixels, stride, in, out);
}

} // namespace troupe::fused
#endif
