#include "data/download.hpp"

#include "data/file_lock.hpp"
#include "data/sha256.hpp"
#include "data/unpack.hpp"

#include <troupe/errors.hpp>

#include <fmt/format.h>

#include <system_error>
#include <utility>

namespace troupe {
namespace {

namespace fs = std::filesystem;

/// A new, empty folder, removed with all that is in it at the end.
class scratch_folder {
public:
  explicit scratch_folder(fs::path path) : path_{std::move(path)} {
    fs::remove_all(path_); // Of a process that was killed.
    fs::create_directory(path_);
  }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;
  ~scratch_folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const noexcept { return path_; }

private:
  fs::path path_;
};

/// Creates the folder and returns its path without symbolic links.
fs::path open_folder(const fs::path& data_dir) {
  try {
    fs::create_directories(data_dir);
    return fs::canonical(data_dir);
  } catch (const fs::filesystem_error& e) {
    throw data_error{
        fmt::format("{}: the folder for data cannot be created ({}); name another with "
                    "--data-dir",
                    data_dir.string(), e.code().message())};
  }
}

fs::path archive_name(const archive_source& source) {
  return fs::path{source.url}.filename();
}

void check_sum(const archive_source& source, const fs::path& archive) {
  const auto sum = sha256_of(archive);
  if (sum == source.sha256) return;
  fs::remove(archive);
  throw transfer_error{fmt::format("what arrived has the SHA-256 {} instead of {}, so it has been "
                                   "removed",
                                   sum, source.sha256)};
}

void download(const archive_source& source, const fs::path& archive, const transfer_limits& limits,
              const std::function<void(std::string_view)>& say) {
  const auto name = archive_name(source).string();
  try {
    fetch(source.url, source.bytes, archive, limits,
          [&](std::string_view progress) { say(fmt::format("{}: {}", name, progress)); });
    check_sum(source, archive);
  } catch (const transfer_error& e) {
    const auto kept = fs::exists(archive) && fs::file_size(archive) > 0;
    if (!kept) fs::remove(archive);
    throw data_error{fmt::format(
        "{} could not be downloaded: {}; run this again later{}, or unpack the "
        "archive into {} yourself, so that {} exists (--data-dir names another folder for data)",
        source.url, e.what(), kept ? " (what has arrived is kept)" : "",
        archive.parent_path().string(), (archive.parent_path() / source.folder).string())};
  }
}

void unpack(const archive_source& source, const fs::path& archive) {
  const auto data_dir = archive.parent_path();
  const scratch_folder scratch{data_dir / ".troupe-unpacking"};
  unpack_archive(archive, scratch.path(), source.most_unpacked_bytes);
  const auto unpacked = scratch.path() / source.folder;
  if (!fs::is_directory(unpacked))
    throw data_error{fmt::format("{}: has no folder {}", archive.string(), source.folder)};
  fs::rename(unpacked, data_dir / source.folder);
}

} // namespace

void fetch_archive(const archive_source& source, const fs::path& data_dir,
                   const transfer_limits& limits,
                   const std::function<void(std::string_view)>& say) {
  const auto folder = open_folder(data_dir);
  const file_lock lock{
      folder / ".troupe-download.lock",
      [&] { say(fmt::format("waiting for another process that fills {}", folder.string())); }};
  if (fs::exists(folder / source.folder)) return;
  const auto archive = folder / (archive_name(source).string() + ".part");
  try {
    say(fmt::format("{} is not in {}: downloading {} ({:.1f} MB)", source.folder, folder.string(),
                    source.url, static_cast<double>(source.bytes) / 1e6));
    download(source, archive, limits, say);
    say(fmt::format("unpacking {}", archive_name(source).string()));
    unpack(source, archive);
    fs::remove(archive);
  } catch (const fs::filesystem_error& e) {
    throw data_error{
        fmt::format("{}; free some space, or name another folder with --data-dir", e.what())};
  }
}

} // namespace troupe
