#pragma once

#include "actors/messages.hpp"

#include <caf/fwd.hpp>

namespace troupe {

/// As the public spawn_broker, for those who speak with it.
broker_actor spawn_broker_actor(caf::actor_system& system, const capacity& total);

} // namespace troupe
