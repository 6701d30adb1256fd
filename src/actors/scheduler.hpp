#pragma once

#include "actors/messages.hpp"

#include <memory>

namespace troupe {

/// Puts a scheduler behind a mailbox.
scheduler_actor spawn_scheduler(caf::actor_system& system, std::unique_ptr<scheduler> logic);

} // namespace troupe
