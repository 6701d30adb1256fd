#pragma once

#include <troupe/event_driven.hpp>
#include <troupe/trainable.hpp>

#include <functional>

namespace troupe {

/// Returns the factory of trials that run `train` on a thread of their own, and answer while it
/// does.
trial_factory threaded_trials(std::function<void(trial&)> train);

} // namespace troupe
