#pragma once

#include "search/space/domain_draw.hpp"

#include <troupe/domain.hpp>

#include <cstdint>
#include <limits>

namespace troupe {

/// The integers first, first + step, …, last: what a law of integers can give.
struct whole_range {
  std::int64_t first, last, step;
  bool log = false; ///< Its values are to be spread by their logarithm.

  /// Returns the number of steps from first to last.
  std::uint64_t steps() const noexcept {
    return (static_cast<std::uint64_t>(last) - static_cast<std::uint64_t>(first)) /
           static_cast<std::uint64_t>(step);
  }

  /// Returns the number of values; the largest uint64 if there is one more than that.
  std::uint64_t count() const noexcept {
    return steps() == std::numeric_limits<std::uint64_t>::max() ? steps() : steps() + 1;
  }

  /// Returns first + i step.
  std::int64_t value(std::uint64_t i) const noexcept {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(first) +
                                     i * static_cast<std::uint64_t>(step));
  }
};

inline whole_range range_of(const randint& d) noexcept {
  return {d.low, d.high - 1, 1};
}
inline whole_range range_of(const lograndint& d) noexcept {
  return {d.low, d.high - 1, 1, true};
}
inline whole_range range_of(const qrandint& d) noexcept {
  const auto [first, last] = multiples_of(d.q, d.low, d.high);
  return {first * d.q, last * d.q, d.q};
}
inline whole_range range_of(const qlograndint& d) noexcept {
  const auto [first, last] = multiples_of(d.q, d.low, d.high);
  return {first * d.q, last * d.q, d.q, true};
}
inline whole_range range_of(const int_range& d) noexcept {
  const auto width = static_cast<std::uint64_t>(d.high) - static_cast<std::uint64_t>(d.low);
  const auto rest = width % static_cast<std::uint64_t>(d.step);
  return {d.low, d.high - static_cast<std::int64_t>(rest), d.step, d.log};
}

/// A law of integers.
template <class Law>
concept whole_law = requires(const Law& d) {
  range_of(d);
};

} // namespace troupe
