#pragma once

#include "base/file_handle.hpp"

#include <sys/types.h>

namespace troupe {

/// Returns a descriptor that can be read when the child `id` has ended; none, with errno, if it
/// cannot be watched.
file_handle watch_child(pid_t id) noexcept;

/// Waits for the end of the child `id`, kills what is left of its group, and returns how it ended,
/// as waitpid(2) does.
int reap_with_group(pid_t id) noexcept;

} // namespace troupe
