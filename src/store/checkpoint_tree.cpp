#include "store/checkpoint_tree.hpp"

#include "store/files.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <unistd.h>

namespace troupe {

namespace fs = std::filesystem;

namespace {

void check_entry(const fs::directory_entry& entry, const fs::path& folder) {
  const auto refuse = [&](std::string_view why) {
    throw std::runtime_error{fmt::format("a checkpoint cannot have {}: {}",
                                         entry.path().lexically_relative(folder).string(), why)};
  };
  const auto type = entry.symlink_status().type();
  if (type != fs::file_type::regular && type != fs::file_type::directory)
    refuse("it is neither a file nor a folder");
  const int needed = type == fs::file_type::regular ? R_OK : R_OK | W_OK | X_OK;
  if (::access(entry.path().c_str(), needed) != 0) refuse("it may not be read, or not be moved");
  if (entry.path() == folder / metadata_name) refuse("Troupe writes one itself");
}

} // namespace

void check_tree(const fs::path& folder) {
  for (const auto& entry : fs::recursive_directory_iterator{folder})
    check_entry(entry, folder);
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
