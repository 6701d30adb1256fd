#pragma once

#include <filesystem>
#include <system_error>

namespace troupe {

/// Removes `path` and all that is in it, folders too that are this user's and may not be written
/// to, as programs leave them. Returns what the system said; nothing if there is no such thing.
std::error_code remove_whole(const std::filesystem::path& path);

} // namespace troupe
