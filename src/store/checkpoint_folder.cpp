#include "store/checkpoint_folder.hpp"

#include "base/json.hpp"
#include "store/checkpoint_tree.hpp"
#include "store/files.hpp"

#include <fmt/format.h>

#include <set>
#include <stdexcept>
#include <sys/statvfs.h>

namespace troupe {

namespace {

namespace fs = std::filesystem;

fs::path beside(const fs::path& folder, std::string_view suffix) {
  return folder.parent_path() / fmt::format(".{}{}", folder.filename().string(), suffix);
}

bool is_plain_file_name(std::string_view name) {
  constexpr std::size_t longest = 255;
  return !name.empty() && name.size() <= longest && name != "." && name != ".." &&
         name.find_first_of(std::string_view{"/\0", 2}) == std::string_view::npos;
}

/// Returns how much room `c` takes on a disk, about: files fill whole blocks, and each has its
/// name.
std::uintmax_t room_for(const checkpoint& c) {
  constexpr std::uintmax_t block = 4096;
  std::uintmax_t bytes = 4 * block; // The folder, metadata.json, and their names.
  for (const auto& b : c.blobs())
    bytes += (b.bytes.size() / block + 2) * block;
  return bytes;
}

std::string megabytes(std::uintmax_t bytes) {
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

void write_durably(const fs::path& path, std::span<const std::byte> bytes) {
  auto file = output_file::create(path);
  file.write(bytes);
  file.sync();
}

/// Makes the names durable that lead to a checkpoint: its own, and those of the trial's folder and
/// of the one of all trials, which may be as new.
void sync_path_to(const fs::path& checkpoint) {
  auto folder = checkpoint.parent_path();
  for (int level = 0; level < 3 && !folder.empty(); ++level, folder = folder.parent_path())
    sync_folder(folder);
}

void write_metadata(const fs::path& folder, const boost::json::object& metadata) {
  const auto text = to_pretty_text(metadata);
  write_durably(folder / metadata_name, std::as_bytes(std::span{text}));
}

/// Renames a folder that a checkpoint has taken over into place.
void move_checkpoint(const fs::path& taken, const fs::path& folder, const checkpoint& c,
                     const boost::json::object& metadata) {
  remove_file(taken / metadata_name);
  write_metadata(taken, metadata);
  sync_tree(taken);
  create_folder(folder.parent_path());
  remove_checkpoint(folder);
  c.move_to(folder);
  sync_path_to(folder);
}

} // namespace

void check_blob_names(std::span<const blob> blobs) {
  std::set<std::string_view> seen;
  for (const auto& b : blobs) {
    if (!is_plain_file_name(b.name))
      throw std::invalid_argument{
          fmt::format("a checkpoint cannot have a part named {}: a plain file name is needed",
                      to_text(boost::json::value(b.name)))};
    if (!seen.insert(b.name).second)
      throw std::invalid_argument{fmt::format("a checkpoint has two parts named \"{}\"", b.name)};
  }
}

void check_room(const fs::path& folder, std::uintmax_t bytes) {
  struct statvfs disk = {};
  // Some network file systems have no number of blocks.
  if (::statvfs(folder.c_str(), &disk) != 0 || disk.f_blocks == 0) return;
  const auto free = static_cast<std::uintmax_t>(disk.f_bavail) * disk.f_frsize;
  if (bytes > free)
    throw std::runtime_error{
        fmt::format("no room for a checkpoint in {}: it needs {}, and the disk "
                    "has {} free; make room there, or keep fewer checkpoints",
                    folder.string(), megabytes(bytes), megabytes(free))};
}

void write_checkpoint(const fs::path& folder, const checkpoint& c,
                      const boost::json::object& metadata) {
  if (const auto taken = c.taken_folder(); !taken.empty())
    return move_checkpoint(taken, folder, c, metadata);
  check_blob_names(c.blobs());
  const auto temporary = beside(folder, ".tmp");
  remove_tree(temporary);
  create_folder(folder.parent_path());
  check_room(folder.parent_path(), room_for(c));
  create_folder(temporary);
  for (const auto& b : c.blobs())
    if (b.name != metadata_name) write_durably(temporary / b.name, b.bytes);
  write_metadata(temporary, metadata);
  sync_folder(temporary);
  remove_checkpoint(folder);
  rename_path(temporary, folder);
  sync_path_to(folder);
}

void remove_checkpoint(const fs::path& folder) {
  if (!fs::exists(folder)) return;
  const auto doomed = beside(folder, ".old");
  remove_tree(doomed);
  rename_path(folder, doomed);
  remove_tree(doomed);
}

std::vector<fs::path> leftovers_in(const fs::path& trial_folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator{trial_folder, error}) {
    const auto name = entry.path().filename().string();
    if (name.starts_with(".checkpoint_") && (name.ends_with(".tmp") || name.ends_with(".old")))
      found.push_back(entry.path());
  }
  return found;
}

void remove_leftovers(const fs::path& trial_folder) {
  for (const auto& leftover : leftovers_in(trial_folder))
    remove_tree(leftover);
}

} // namespace troupe
