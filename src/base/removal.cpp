#include "base/removal.hpp"

namespace troupe {

namespace fs = std::filesystem;

namespace {

/// Lets the owner of the folders at and below `folder` change them, as far as that is allowed.
void open_up(const fs::path& folder) {
  std::error_code ignored;
  fs::permissions(folder, fs::perms::owner_all, fs::perm_options::add, ignored);
  for (const auto& entry : fs::directory_iterator{folder, ignored})
    if (entry.symlink_status(ignored).type() == fs::file_type::directory) open_up(entry.path());
}

} // namespace

std::error_code remove_whole(const fs::path& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error != std::errc::permission_denied) return error;
  if (fs::symlink_status(path, error).type() == fs::file_type::directory) open_up(path);
  fs::remove_all(path, error);
  return error;
}

} // namespace troupe
