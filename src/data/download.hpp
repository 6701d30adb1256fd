#pragma once

#include "data/http_fetch.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace troupe {

/// An archive on the web that holds one folder.
struct archive_source {
  std::string url;
  std::uint64_t bytes = 0; ///< The archive's size.
  std::string sha256;      ///< The archive's checksum, lower-case hexadecimal.
  std::string folder;      ///< The folder it unpacks to.
  std::uint64_t most_unpacked_bytes = 0;
};

/// Makes sure that `data_dir` has the folder `source.folder`: if it is not there, downloads the
/// archive (or the rest of it, if an earlier download was cut off), checks size and SHA-256,
/// unpacks it, and only then puts the folder in its place, in one step. The archive is then
/// removed.
///
/// Several processes and threads may call it for the same folder at once: one downloads, the others
/// wait and find the result. Throws data_error, naming what can be done, if the archive cannot be
/// had, is not the one expected, or cannot be stored.
void fetch_archive(const archive_source& source, const std::filesystem::path& data_dir,
                   const transfer_limits& limits, const std::function<void(std::string_view)>& say);

} // namespace troupe
