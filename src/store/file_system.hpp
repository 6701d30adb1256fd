#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace troupe {

/// What a folder's file system can do. On a network file system several machines see the same
/// files: no memory can be shared through them, locks may hold on one machine only or not at all,
/// and whether the process that has a lock still lives can only be seen from what it writes.
enum class file_system : std::uint8_t { local, network };

/// Returns what kind of file system has this number (statfs's f_type). All of FUSE counts as
/// network, as do cluster file systems on shared disks: what is behind them cannot be told.
file_system file_system_of_type(std::uint32_t type) noexcept;

/// The same, if `wish` does not say it: "network" or "local" (the environment variable
/// TROUPE_FILE_SYSTEM, if it is set). Throws std::invalid_argument for another wish.
file_system file_system_of_type(std::uint32_t type, std::optional<std::string_view> wish);

/// Returns whether `path`, or as much of it as there is, is on a network file system, as far as the
/// system knows and TROUPE_FILE_SYSTEM does not say otherwise. Throws std::invalid_argument if that
/// says something else.
bool is_on_network(const std::filesystem::path& path);

/// Returns what a person is told of a study whose folder is on a network file system.
std::string network_notice(const std::filesystem::path& folder);

} // namespace troupe
