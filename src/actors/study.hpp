#pragma once

#include "actors/messages.hpp"

#include <caf/fwd.hpp>

namespace troupe {

/// Spawns what the world sees of a study: passes on what it is told to the controller, and hands
/// out the results even when that has ended. The controller must have been told nothing yet.
study_actor spawn_study_actor(caf::actor_system& system, controller_actor controller);

} // namespace troupe
