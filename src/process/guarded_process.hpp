#pragma once

#include "process/running_process.hpp"

namespace troupe {

/// Starts this program once more as a guardian (guardian.hpp), and returns how to start processes
/// below that: none of them outlives this process, however that ends, or the starter. For programs
/// whose main calls cli_main, which must do so before anything else. Throws std::system_error if
/// there can be no guardian. A guardian that is killed fails its trials, as lost, and the next ones
/// have another.
process_starter start_guardian();

} // namespace troupe
