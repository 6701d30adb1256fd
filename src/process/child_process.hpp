#pragma once

#include "process/running_process.hpp"

namespace troupe {

/// Starts a process as a child of this one: nobody ends it if this one is killed.
std::unique_ptr<running_process> start_child(const process_order& order);

} // namespace troupe
