#pragma once

#include "store/study_folder.hpp"

#include <troupe/results.hpp>
#include <troupe/runtime.hpp>

#include <caf/scoped_actor.hpp>

#include <functional>
#include <memory>

namespace troupe {

/// What whoever runs a whole study does at its two ends.
struct run_ends {
  /// Before it starts: everything that can throw has been made.
  std::function<void(caf::actor_system&, const study_actor&)> before;
  /// When it has ended, while its actors are still there.
  std::function<void(caf::scoped_actor&, const study_results&)> after;
};

/// Runs a study to its end, in an actor system of its own that shares out `total`. Throws as
/// spawn_study does, before the first trial. A study whose actors died has not_recorded in its
/// results, which says why.
study_results run_whole(study_setup setup, const capacity& total,
                        std::unique_ptr<study_folder> folder, const run_ends& ends);

} // namespace troupe
