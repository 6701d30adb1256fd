#pragma once

#include "actors/messages.hpp"

#include <cstdint>
#include <memory>

namespace troupe {

/// Puts a searcher behind a mailbox, where it may think without delaying anybody. `seen`: the last
/// event of the study's journal that it knows of.
searcher_actor spawn_searcher(caf::actor_system& system, std::unique_ptr<searcher> logic,
                              std::uint64_t seen = 0);

} // namespace troupe
