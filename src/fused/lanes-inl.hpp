// What the kernels of each kind of processor share. Included once for each, so its guard is one
// that Highway turns over (see <hwy/highway.h>).
#if defined(TROUPE_FUSED_LANES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef TROUPE_FUSED_LANES_INL
#undef TROUPE_FUSED_LANES_INL
#else
#define TROUPE_FUSED_LANES_INL
#endif

#include <cstddef>
#include <hwy/highway.h>
#include <utility>

HWY_BEFORE_NAMESPACE();
namespace troupe::fused::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using floats = hn::ScalableTag<float>;
using vec = hn::Vec<floats>;
constexpr std::size_t lanes = hn::MaxLanes(floats{});

/// Calls f<N>(first) for parts of [0, count): as many of `Most` as fit, then the rest.
template <std::size_t Most, class F>
void in_parts(std::size_t count, F f) {
  std::size_t first = 0;
  for (; first + Most <= count; first += Most)
    f.template operator()<Most>(first);
  const auto rest = [&]<std::size_t... N>(std::index_sequence<N...>) {
    ((count - first == N + 1 ? f.template operator()<N + 1>(first) : void()), ...);
  };
  rest(std::make_index_sequence<Most - 1>{});
}

} // namespace troupe::fused::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
