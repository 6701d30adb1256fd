#include "base/seconds.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace troupe {

std::int64_t to_nanoseconds(double seconds) noexcept {
  if (std::isnan(seconds)) return 0;
  return std::llround(std::clamp(seconds, -longest_s, longest_s) * 1e9);
}

std::int64_t later(std::int64_t ns, std::int64_t by_ns) noexcept {
  using limits = std::numeric_limits<std::int64_t>;
  std::int64_t sum = 0;
  if (__builtin_add_overflow(ns, by_ns, &sum)) return by_ns > 0 ? limits::max() : limits::min();
  return sum;
}

} // namespace troupe
