#pragma once

#include <chrono>
#include <cstdint>

namespace troupe {

/// Returns Unix time in nanoseconds, as events have it. It may be set back at any moment: durations
/// are for the steady clock.
inline std::int64_t unix_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

} // namespace troupe
