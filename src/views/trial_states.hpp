#pragma once

#include <troupe/results.hpp>

#include <array>

namespace troupe {

/// All states, in the order in which people are told of them.
inline constexpr std::array trial_states{
    trial_state::pending,   trial_state::running, trial_state::paused,     trial_state::stopped,
    trial_state::completed, trial_state::failed,  trial_state::interrupted};

} // namespace troupe
