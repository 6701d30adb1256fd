#pragma once

#include "actors/messages.hpp"
#include "store/study_layout.hpp"

#include <caf/fwd.hpp>

namespace troupe {

/// Spawns what saves a study's checkpoints in its folder. It works for `client` until that ends it:
/// a checkpoint that is superfluous before its turn comes is never written, and one that is on the
/// disk goes when it is dropped. After the first failure it does nothing more.
checkpoint_writer_actor spawn_checkpoint_writer(caf::actor_system& system, study_layout layout,
                                                checkpoint_client_actor client);

} // namespace troupe
