#pragma once

#include "process/running_process.hpp"

#include <troupe/isolation.hpp>

namespace troupe {

/// See isolated(trainable, run_context, bool); `start` starts the processes.
trainable isolated(trainable t, const run_context& context, bool reuse, process_starter start);

} // namespace troupe
