#include "fused/kernels.hpp"

#include <troupe/fused.hpp>

// The order matters.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "fused/pointwise_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <hwy/contrib/math/math-inl.h>
#include "fused/lanes-inl.hpp"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace troupe::fused::HWY_NAMESPACE {

// -- activations ---------------------------------------------------------------------------------

void relu_forward(std::size_t count, const float* in, float* out) {
  const floats d;
  const auto zero = hn::Zero(d);
  for (std::size_t i = 0; i < count; i += lanes) {
    const auto x = hn::LoadU(d, in + i);
    hn::StoreU(hn::IfThenElse(hn::Lt(x, zero), zero, x), d, out + i); // NaN stays
  }
}

void relu_backward(std::size_t count, const float* out, const float* out_gradient,
                   float* in_gradient) {
  const floats d;
  const auto zero = hn::Zero(d);
  for (std::size_t i = 0; i < count; i += lanes) {
    const auto is_off = hn::Le(hn::LoadU(d, out + i), zero);
    hn::StoreU(hn::IfThenZeroElse(is_off, hn::LoadU(d, out_gradient + i)), d, in_gradient + i);
  }
}

void tanh_forward(std::size_t count, const float* in, float* out) {
  const floats d;
  for (std::size_t i = 0; i < count; i += lanes)
    hn::StoreU(hn::Tanh(d, hn::LoadU(d, in + i)), d, out + i);
}

void tanh_backward(std::size_t count, const float* out, const float* out_gradient,
                   float* in_gradient) {
  const floats d;
  const auto one = hn::Set(d, 1.0F);
  for (std::size_t i = 0; i < count; i += lanes) {
    const auto y = hn::LoadU(d, out + i);
    hn::StoreU(hn::Mul(hn::LoadU(d, out_gradient + i), hn::NegMulAdd(y, y, one)), d,
               in_gradient + i);
  }
}

void add(std::size_t count, const float* a, const float* b, float* out) {
  const floats d;
  for (std::size_t i = 0; i < count; i += lanes)
    hn::StoreU(hn::Add(hn::LoadU(d, a + i), hn::LoadU(d, b + i)), d, out + i);
}

void multiply(std::size_t count, const float* a, const float* b, float* out) {
  const floats d;
  for (std::size_t i = 0; i < count; i += lanes)
    hn::StoreU(hn::Mul(hn::LoadU(d, a + i), hn::LoadU(d, b + i)), d, out + i);
}

void convert_bytes(std::size_t count, const std::uint8_t* HWY_RESTRICT in, float scale, float shift,
                   float* HWY_RESTRICT out) {
  const floats d;
  const hn::Rebind<std::uint8_t, floats> bytes;
  const hn::RebindToSigned<floats> integers;
  const auto factor = hn::Set(d, scale), summand = hn::Set(d, shift);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto x = hn::ConvertTo(d, hn::PromoteTo(integers, hn::LoadU(bytes, in + i)));
    hn::StoreU(hn::MulAdd(x, factor, summand), d, out + i);
  }
  for (; i < count; ++i)
    out[i] = hn::GetLane(hn::MulAdd(hn::Set(d, static_cast<float>(in[i])), factor, summand));
}

// -- max-pooling ---------------------------------------------------------------------------------

void max_pool_2x2(const pool_shape& s, const float* HWY_RESTRICT in, float* HWY_RESTRICT out,
                  std::int32_t* HWY_RESTRICT which) {
  const floats d;
  const hn::RebindToSigned<floats> di;
  for (std::size_t row = 0; row < s.rows; ++row, out += s.columns, which += s.columns)
    for (std::size_t column = 0; column < s.columns; column += lanes) {
      const float* upper = in + 2 * row * s.in_stride + 2 * column;
      const float* lower = upper + s.in_stride;
      auto greatest = hn::Zero(d), second = hn::Zero(d), third = hn::Zero(d), last = hn::Zero(d);
      hn::LoadInterleaved2(d, upper, greatest, second);
      hn::LoadInterleaved2(d, lower, third, last);
      auto place = hn::Zero(di);
      const auto consider = [&](auto candidate, std::int32_t its_place) {
        const auto is_greater = hn::Or(hn::Gt(candidate, greatest), hn::IsNaN(candidate));
        greatest = hn::IfThenElse(is_greater, candidate, greatest);
        place = hn::IfThenElse(hn::RebindMask(di, is_greater), hn::Set(di, its_place), place);
      };
      consider(second, 1);
      consider(third, 2);
      consider(last, 3);
      hn::StoreU(greatest, d, out + column);
      hn::StoreU(place, di, which + column);
    }
}

// -- optimizers ----------------------------------------------------------------------------------

void sgd_update(const sgd_step& o, std::size_t count, const float* HWY_RESTRICT gradient,
                float* HWY_RESTRICT weights, float* HWY_RESTRICT velocity) {
  const floats d;
  const auto decay = hn::Set(d, o.weight_decay), momentum = hn::Set(d, o.momentum);
  const auto lr = hn::Set(d, o.lr);
  if (o.momentum == 0) {
    for (std::size_t i = 0; i < count; i += lanes) {
      const auto w = hn::LoadU(d, weights + i);
      const auto g = hn::MulAdd(decay, w, hn::LoadU(d, gradient + i));
      hn::StoreU(hn::NegMulAdd(lr, g, w), d, weights + i);
    }
    return;
  }
  for (std::size_t i = 0; i < count; i += lanes) {
    const auto w = hn::LoadU(d, weights + i);
    const auto g = hn::MulAdd(decay, w, hn::LoadU(d, gradient + i));
    const auto v = hn::MulAdd(momentum, hn::LoadU(d, velocity + i), g);
    hn::StoreU(v, d, velocity + i);
    hn::StoreU(hn::NegMulAdd(lr, v, w), d, weights + i);
  }
}

void adam_update(const adam_step& o, std::size_t count, const float* HWY_RESTRICT gradient,
                 float* HWY_RESTRICT weights, float* HWY_RESTRICT mean,
                 float* HWY_RESTRICT square) {
  const floats d;
  const auto beta1 = hn::Set(d, o.beta1), rest1 = hn::Set(d, o.rest1);
  const auto beta2 = hn::Set(d, o.beta2), rest2 = hn::Set(d, o.rest2);
  const auto decay = hn::Set(d, o.weight_decay), shrink = hn::Set(d, o.shrink);
  const auto step = hn::Set(d, o.step_size), eps = hn::Set(d, o.eps);
  const auto root = hn::Set(d, o.root_of_correction);
  for (std::size_t i = 0; i < count; i += lanes) {
    const auto w = hn::Mul(shrink, hn::LoadU(d, weights + i));
    const auto g = hn::MulAdd(decay, w, hn::LoadU(d, gradient + i));
    const auto m = hn::MulAdd(beta1, hn::LoadU(d, mean + i), hn::Mul(rest1, g));
    const auto s = hn::MulAdd(beta2, hn::LoadU(d, square + i), hn::Mul(rest2, hn::Mul(g, g)));
    hn::StoreU(m, d, mean + i);
    hn::StoreU(s, d, square + i);
    const auto scale = hn::Add(hn::Div(hn::Sqrt(s), root), eps);
    // Without eps, what pads rows would be 0 / 0.
    const auto way = hn::IfThenZeroElse(hn::Eq(m, hn::Zero(d)), hn::Div(m, scale));
    hn::StoreU(hn::NegMulAdd(step, way, w), d, weights + i);
  }
}

const char* instruction_set() {
  return hwy::TargetName(HWY_TARGET);
}

} // namespace troupe::fused::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace troupe::fused {

HWY_EXPORT(relu_forward);
HWY_EXPORT(relu_backward);
HWY_EXPORT(tanh_forward);
HWY_EXPORT(tanh_backward);
HWY_EXPORT(add);
HWY_EXPORT(multiply);
HWY_EXPORT(convert_bytes);
HWY_EXPORT(max_pool_2x2);
HWY_EXPORT(sgd_update);
HWY_EXPORT(adam_update);
HWY_EXPORT(instruction_set);

void relu_forward(std::size_t count, const float* in, float* out) {
  HWY_DYNAMIC_DISPATCH(relu_forward)(count, in, out);
}

void relu_backward(std::size_t count, const float* out, const float* out_gradient,
                   float* in_gradient) {
  HWY_DYNAMIC_DISPATCH(relu_backward)(count, out, out_gradient, in_gradient);
}

void tanh_forward(std::size_t count, const float* in, float* out) {
  HWY_DYNAMIC_DISPATCH(tanh_forward)(count, in, out);
}

void tanh_backward(std::size_t count, const float* out, const float* out_gradient,
                   float* in_gradient) {
  HWY_DYNAMIC_DISPATCH(tanh_backward)(count, out, out_gradient, in_gradient);
}

void add(std::size_t count, const float* a, const float* b, float* out) {
  HWY_DYNAMIC_DISPATCH(add)(count, a, b, out);
}

void multiply(std::size_t count, const float* a, const float* b, float* out) {
  HWY_DYNAMIC_DISPATCH(multiply)(count, a, b, out);
}

void convert_bytes(std::size_t count, const std::uint8_t* in, float scale, float shift,
                   float* out) {
  HWY_DYNAMIC_DISPATCH(convert_bytes)(count, in, scale, shift, out);
}

void max_pool_2x2(const pool_shape& s, const float* in, float* out, std::int32_t* which) {
  HWY_DYNAMIC_DISPATCH(max_pool_2x2)(s, in, out, which);
}

void sgd_update(const sgd_step& o, std::size_t count, const float* gradient, float* weights,
                float* velocity) {
  HWY_DYNAMIC_DISPATCH(sgd_update)(o, count, gradient, weights, velocity);
}

void adam_update(const adam_step& o, std::size_t count, const float* gradient, float* weights,
                 float* mean, float* square) {
  HWY_DYNAMIC_DISPATCH(adam_update)(o, count, gradient, weights, mean, square);
}

const char* instruction_set() {
  return HWY_DYNAMIC_DISPATCH(instruction_set)();
}

} // namespace troupe::fused
#endif
