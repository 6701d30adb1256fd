#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace troupe {

/// Returns how long a trial that has failed `failures` times, 1 or more, waits before it is tried
/// again, in seconds: not at all after the first failure, then 1, 2, 4 and so on, up to a minute.
/// What it fails by may pass: a disk that is full, a server that is down, a neighbour's memory.
inline double retry_wait_s(std::uint32_t failures) noexcept {
  constexpr double longest_s = 60;
  return failures < 2 ? 0 : std::min(longest_s, std::exp2(failures - 2));
}

} // namespace troupe
