#pragma once

#include "actors/messages.hpp"

#include <memory>

namespace troupe {

/// Puts a searcher behind a mailbox, where it may think without delaying anybody.
searcher_actor spawn_searcher(caf::actor_system& system, std::unique_ptr<searcher> logic);

} // namespace troupe
