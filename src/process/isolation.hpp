#pragma once

#include "process/running_process.hpp"

#include <troupe/isolation.hpp>

namespace troupe {

/// See isolated(trainable, run_context); `start` starts the processes.
trainable isolated(trainable t, const run_context& context, process_starter start);

} // namespace troupe
