#pragma once

#include <cstdint>
#include <sys/types.h>

namespace troupe {

/// Returns how many bytes of memory the processes of a session have in use. What several of them
/// share is counted once, if it matters for whether that is more than `most`; else it may be
/// counted in each.
std::uint64_t memory_of_session(pid_t session, std::uint64_t most);

} // namespace troupe
