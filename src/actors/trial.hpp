#pragma once

#include "actors/messages.hpp"

#include <functional>
#include <string>
#include <vector>

namespace troupe {

/// Everything that one attempt of a trial needs to know.
struct trial_order {
  trial_number number = 0;
  int attempt = 1;
  troupe::config config;
  troupe::checkpoint from; ///< Where to go on; none at the first attempt.
  int from_iteration = 0;  ///< Reports made before `from` was taken.
  std::uint64_t seed = 0;  ///< The study's.
  int threads = 1;
  std::vector<std::string> devices;
};

/// Makes the actor that runs an attempt and reports to `parent`. The default runs a training
/// function on a thread; other forms may run it elsewhere.
using trial_factory =
    std::function<trial_actor(caf::actor_system&, trial_order, trial_parent_actor parent)>;

/// Returns the factory of trials that run `train` on a thread of their own.
trial_factory threaded_trials(std::function<void(trial&)> train);

} // namespace troupe
