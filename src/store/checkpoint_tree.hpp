#pragma once

#include <filesystem>
#include <string_view>

namespace troupe {

/// The file in which Troupe says of which trial and report a checkpoint is.
inline constexpr std::string_view metadata_name = "metadata.json";

/// Throws std::runtime_error naming what is in `folder`, or in folders inside, that is neither a
/// file nor a folder, or cannot be read; and a metadata.json.
void check_tree(const std::filesystem::path& folder);

/// Copies `from` to `to`, which is made, but for its metadata.json. Throws std::runtime_error
/// naming what cannot be read or written.
void copy_tree(const std::filesystem::path& from, const std::filesystem::path& to);

/// Waits until all files and names in `folder` survive a power cut. Throws folder_error naming what
/// cannot be written.
void sync_tree(const std::filesystem::path& folder);

} // namespace troupe
