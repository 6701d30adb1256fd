#pragma once

#include <filesystem>

namespace troupe {

/// Locks on whole files that the system keeps for an open file, and lets go of with it.

/// Locks the file that is open as `descriptor`; returns false if somebody else has. Throws
/// std::system_error if its file system knows no locks.
bool lock_whole(int descriptor);

/// Returns whether somebody has locked `file`, as far as the system knows.
bool is_locked(const std::filesystem::path& file) noexcept;

/// Returns whether the file system of `file`, which must exist, knows locks. Lets go of all that
/// this process has locked in `file` for itself (F_SETLK).
bool knows_locks(const std::filesystem::path& file) noexcept;

} // namespace troupe
