#include "store/checkpoint_tree.hpp"

#include "store/files.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <unistd.h>

namespace troupe {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse_entry(const fs::path& what, std::string_view why) {
  throw std::runtime_error{fmt::format("a checkpoint cannot have {}: {}", what.string(), why)};
}

/// `name`: what it is called in the checkpoint.
void check_access(const fs::path& path, const fs::path& name, int needed) {
  if (::access(path.c_str(), needed) != 0)
    refuse_entry(name, "it may not be read, or not be moved");
}

void check_entry(const fs::directory_entry& entry, const fs::path& name) {
  const auto type = entry.symlink_status().type();
  if (type != fs::file_type::regular && type != fs::file_type::directory)
    refuse_entry(name, "it is neither a file nor a folder");
  check_access(entry.path(), name, type == fs::file_type::regular ? R_OK : R_OK | W_OK | X_OK);
  if (name == metadata_name) refuse_entry(name, "Troupe writes one itself");
}

} // namespace

void check_tree(const fs::path& folder) {
  check_access(folder, folder, R_OK | W_OK | X_OK);
  for (const auto& entry : fs::recursive_directory_iterator{folder})
    check_entry(entry, entry.path().lexically_relative(folder));
}

void copy_tree(const fs::path& from, const fs::path& to) {
  fs::copy(from, to, fs::copy_options::recursive);
  fs::remove(to / metadata_name);
}

void sync_tree(const fs::path& folder) {
  for (const auto& entry : fs::recursive_directory_iterator{folder})
    if (entry.is_directory())
      sync_folder(entry.path());
    else
      sync_file(entry.path());
  sync_folder(folder);
}

} // namespace troupe
