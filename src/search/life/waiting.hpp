#pragma once

#include <troupe/results.hpp>

namespace troupe {

/// Returns whether a trial in this state waits to be started: for the first time, or again.
constexpr bool is_waiting(trial_state s) noexcept {
  return s == trial_state::pending || s == trial_state::paused;
}

} // namespace troupe
