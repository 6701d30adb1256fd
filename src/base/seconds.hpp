#pragma once

#include <cstdint>

namespace troupe {

/// The longest time, in seconds, that a study may name: more than 31 years. Two of them still fit
/// into nanoseconds of 64 bits, and one fits behind any date.
constexpr double longest_s = 1e9;

/// Returns `seconds` in nanoseconds: the nearest, within ±longest_s; 0 for NaN.
std::int64_t to_nanoseconds(double seconds) noexcept;

/// Returns the time `by_ns` after `ns`; the latest or earliest that there is, if that is beyond it.
std::int64_t later(std::int64_t ns, std::int64_t by_ns) noexcept;

} // namespace troupe
