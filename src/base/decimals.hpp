#pragma once

namespace troupe {

/// Returns the double nearest to low + count · step as a person reckons, in decimals:
/// 0.1 + 2 · 0.1 is 0.3, where doubles make 0.30000000000000004 of it. Where one of them has more
/// digits than can be reckoned with exactly, as 1/3 has, the doubles' own sum, without a negative
/// zero. `count` is whole.
double decimal_step(double low, double count, double step) noexcept;

} // namespace troupe
