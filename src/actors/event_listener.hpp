#pragma once

#include <troupe/actors.hpp>

#include <caf/fwd.hpp>

#include <functional>

namespace troupe {

/// Spawns a subscriber that calls `watch` with each event, on a thread of its own, and ends after
/// study_ended. If the study never ends, send it an exit message. What `watch` throws, `broken` is
/// told, once; after that it hears nothing more.
subscriber_actor spawn_listener(caf::actor_system& system, std::function<void(const event&)> watch,
                                std::function<void(std::exception_ptr)> broken);

} // namespace troupe
