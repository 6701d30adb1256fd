#pragma once

#include <cstdint>
#include <filesystem>

namespace troupe {

/// Unpacks a gzipped tar archive into the existing folder `into`, whose path has no symbolic link
/// in it. `into` is left as it is then if that fails.
///
/// Throws data_error if the archive is corrupt; has anything but plain files and folders, or a path
/// that leads out of `into`; unpacks to more than `most_bytes`; or the disk cannot take it.
void unpack_archive(const std::filesystem::path& archive, const std::filesystem::path& into,
                    std::uint64_t most_bytes);

} // namespace troupe
