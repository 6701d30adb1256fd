#pragma once

#include "actors/messages.hpp"
#include "store/study_writer.hpp"

#include <caf/actor_system.hpp>

#include <memory>

namespace troupe {

/// Spawns the actor that writes a study down by `writer`. It runs on a thread of its own, because
/// it waits for the disk.
///
/// Events that wait in its mailbox together are committed together. Each commit is told to the
/// client as events_durable. If something cannot be written, the client is told recording_failed,
/// once; what was not durable is lost, and all further events are ignored. The actor ends, and lets
/// go of the folder, before it answers finish_recording.
recorder_actor spawn_recorder(caf::actor_system& system, std::unique_ptr<study_writer> writer);

} // namespace troupe
