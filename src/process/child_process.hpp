#pragma once

#include "process/running_process.hpp"

namespace troupe {

/// Starts a process as a child of this one: nobody ends it if this one is killed. `extra`: see
/// process_starter.
std::unique_ptr<running_process> start_child(const process_order& order, int extra = -1);

} // namespace troupe
