#include "store/file_system.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <sys/vfs.h>

namespace troupe {

namespace {

namespace fs = std::filesystem;

constexpr auto file_system_variable = "TROUPE_FILE_SYSTEM";

/// statfs(2) has some of them; the others are those of the file systems' own sources.
constexpr std::uint32_t network_types[] = {0x6969,      // NFS
                                           0x517b,      // SMB
                                           0xff534d42,  // CIFS
                                           0xfe534d42,  // SMB 2 and 3
                                           0x65735546,  // FUSE: sshfs, GlusterFS, object stores
                                           0x00c36400,  // Ceph
                                           0x0bd00bd0,  // Lustre
                                           0x47504653,  // GPFS
                                           0x19830326,  // BeeGFS
                                           0x20030528,  // OrangeFS
                                           0xaad7aaea,  // PanFS
                                           0x01021997,  // 9P
                                           0x5346414f,  // OpenAFS
                                           0x6b414653,  // AFS
                                           0x73757245,  // Coda
                                           0x564c,      // NCP
                                           0x01161970,  // GFS2
                                           0x7461636f}; // OCFS2

/// None if nobody can tell.
std::optional<std::uint32_t> type_of(fs::path path) {
  while (true) {
    struct statfs found = {};
    if (::statfs(path.empty() ? "." : path.c_str(), &found) == 0)
      return static_cast<std::uint32_t>(found.f_type);
    if (path.empty() || path == path.parent_path()) return std::nullopt;
    path = path.parent_path();
  }
}

} // namespace

file_system file_system_of_type(std::uint32_t type) noexcept {
  const bool known = std::ranges::find(network_types, type) != std::end(network_types);
  return known ? file_system::network : file_system::local;
}

file_system file_system_of_type(std::uint32_t type, std::optional<std::string_view> wish) {
  if (!wish) return file_system_of_type(type);
  if (*wish == "network") return file_system::network;
  if (*wish == "local") return file_system::local;
  throw std::invalid_argument{
      fmt::format("{} must be network or local; found \"{}\"", file_system_variable, *wish)};
}

bool is_on_network(const fs::path& path) {
  const char* wish = std::getenv(file_system_variable);
  const auto said = wish ? std::optional<std::string_view>{wish} : std::nullopt;
  return file_system_of_type(said ? 0 : type_of(path).value_or(0), said) == file_system::network;
}

std::string network_notice(const fs::path& folder) {
  return fmt::format("{} is on a network file system: a heartbeat in .lock says that it is in use, "
                     "and while it is, other programs read a copy of study.db",
                     folder.string());
}

} // namespace troupe
