#include "fused/kernels.hpp"

#include <algorithm>
#include <utility>

// The order matters.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "fused/linear_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "fused/lanes-inl.hpp"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace troupe::fused::HWY_NAMESPACE {

constexpr std::size_t most_examples = 4; ///< That are looked at together.
constexpr std::size_t most_vectors = HWY_TARGET <= HWY_AVX3 ? 6 : 3;

// -- forward -------------------------------------------------------------------------------------

template <std::size_t Examples, std::size_t Vectors>
void forward_tile(const linear_shape& s, const float* HWY_RESTRICT in,
                  const float* HWY_RESTRICT weights, const float* HWY_RESTRICT bias,
                  float* HWY_RESTRICT out) {
  const floats d;
  vec sum[Examples][Vectors];
#pragma GCC unroll 8
  for (std::size_t e = 0; e < Examples; ++e)
#pragma GCC unroll 8
    for (std::size_t v = 0; v < Vectors; ++v)
      sum[e][v] = hn::LoadU(d, bias + v * lanes);
  for (std::size_t i = 0; i < s.inputs; ++i, weights += s.stride) {
    vec weight[Vectors];
#pragma GCC unroll 8
    for (std::size_t v = 0; v < Vectors; ++v)
      weight[v] = hn::LoadU(d, weights + v * lanes);
#pragma GCC unroll 8
    for (std::size_t e = 0; e < Examples; ++e) {
      const auto x = hn::Set(d, in[e * s.in_stride + i]);
#pragma GCC unroll 8
      for (std::size_t v = 0; v < Vectors; ++v)
        sum[e][v] = hn::MulAdd(x, weight[v], sum[e][v]);
    }
  }
#pragma GCC unroll 8
  for (std::size_t e = 0; e < Examples; ++e)
#pragma GCC unroll 8
    for (std::size_t v = 0; v < Vectors; ++v)
      hn::StoreU(sum[e][v], d, out + e * s.out_stride + v * lanes);
}

void linear_forward(const linear_shape& s, std::size_t batch, const float* in, const float* weights,
                    const float* bias, float* out) {
  const auto vectors = (s.outputs + lanes - 1) / lanes;
  in_parts<most_examples>(batch, [&]<std::size_t Examples>(std::size_t e) {
    in_parts<most_vectors>(vectors, [&]<std::size_t Vectors>(std::size_t v) {
      forward_tile<Examples, Vectors>(s, in + e * s.in_stride, weights + v * lanes,
                                      bias + v * lanes, out + e * s.out_stride + v * lanes);
    });
  });
}

// -- backward ------------------------------------------------------------------------------------

/// The sums over all outputs, for a few examples and a few inputs.
template <std::size_t Examples, std::size_t Inputs>
void input_gradient_tile(const linear_shape& s, const float* HWY_RESTRICT out_gradient,
                         const float* HWY_RESTRICT weights, float* HWY_RESTRICT in_gradient) {
  const floats d;
  vec sum[Examples][Inputs];
#pragma GCC unroll 8
  for (std::size_t e = 0; e < Examples; ++e)
#pragma GCC unroll 8
    for (std::size_t i = 0; i < Inputs; ++i)
      sum[e][i] = hn::Zero(d);
  for (std::size_t o = 0; o < s.outputs; o += lanes) {
    vec weight[Inputs];
#pragma GCC unroll 8
    for (std::size_t i = 0; i < Inputs; ++i)
      weight[i] = hn::LoadU(d, weights + i * s.stride + o);
#pragma GCC unroll 8
    for (std::size_t e = 0; e < Examples; ++e) {
      const auto gradient = hn::LoadU(d, out_gradient + e * s.out_stride + o);
#pragma GCC unroll 8
      for (std::size_t i = 0; i < Inputs; ++i)
        sum[e][i] = hn::MulAdd(gradient, weight[i], sum[e][i]);
    }
  }
#pragma GCC unroll 8
  for (std::size_t e = 0; e < Examples; ++e)
#pragma GCC unroll 8
    for (std::size_t i = 0; i < Inputs; ++i)
      in_gradient[e * s.in_stride + i] = hn::GetLane(hn::SumOfLanes(d, sum[e][i]));
}

void linear_input_gradient(const linear_shape& s, std::size_t batch, std::size_t first,
                           std::size_t count, const float* out_gradient, const float* weights,
                           float* in_gradient) {
  in_parts<most_examples>(batch, [&]<std::size_t Examples>(std::size_t e) {
    in_parts<most_vectors>(count, [&]<std::size_t Inputs>(std::size_t i) {
      input_gradient_tile<Examples, Inputs>(s, out_gradient + e * s.out_stride,
                                            weights + (first + i) * s.stride,
                                            in_gradient + e * s.in_stride + first + i);
    });
  });
}

/// What a few examples add to the gradient of one input's weights, or, if they are the first, what
/// it is.
template <std::size_t Examples>
void weight_gradient_row(const linear_shape& s, bool is_first, const float* HWY_RESTRICT in,
                         const float* HWY_RESTRICT out_gradient, float* HWY_RESTRICT gradient) {
  const floats d;
  vec x[Examples];
#pragma GCC unroll 8
  for (std::size_t e = 0; e < Examples; ++e)
    x[e] = hn::Set(d, in[e * s.in_stride]);
  for (std::size_t o = 0; o < s.stride; o += lanes) {
    auto sum = is_first ? hn::Zero(d) : hn::LoadU(d, gradient + o);
#pragma GCC unroll 8
    for (std::size_t e = 0; e < Examples; ++e)
      sum = hn::MulAdd(x[e], hn::LoadU(d, out_gradient + e * s.out_stride + o), sum);
    hn::StoreU(sum, d, gradient + o);
  }
}

void linear_weight_gradient(const linear_shape& s, std::size_t batch, std::size_t first,
                            std::size_t count, const float* in, const float* out_gradient,
                            float* gradient) {
  for (std::size_t i = 0; i < count; ++i)
    in_parts<8>(batch, [&]<std::size_t Examples>(std::size_t e) {
      weight_gradient_row<Examples>(s, e == 0, in + e * s.in_stride + first + i,
                                    out_gradient + e * s.out_stride, gradient + i * s.stride);
    });
}

} // namespace troupe::fused::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace troupe::fused {

HWY_EXPORT(linear_forward);
HWY_EXPORT(linear_input_gradient);
HWY_EXPORT(linear_weight_gradient);

void linear_forward(const linear_shape& s, std::size_t batch, const float* in, const float* weights,
                    const float* bias, float* out) {
  HWY_DYNAMIC_DISPATCH(linear_forward)(s, batch, in, weights, bias, out);
}

void linear_input_gradient(const linear_shape& s, std::size_t batch, std::size_t first,
                           std::size_t count, const float* out_gradient, const float* weights,
                           float* in_gradient) {
  HWY_DYNAMIC_DISPATCH(linear_input_gradient)
  (s, batch, first, count, out_gradient, weights, in_gradient);
}

void linear_weight_gradient(const linear_shape& s, std::size_t batch, std::size_t first,
                            std::size_t count, const float* in, const float* out_gradient,
                            float* gradient) {
  HWY_DYNAMIC_DISPATCH(linear_weight_gradient)
  (s, batch, first, count, in, out_gradient, gradient);
}

} // namespace troupe::fused
#endif
