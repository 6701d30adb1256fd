#include "process/checkpoint_handover.hpp"

#include <stdexcept>

namespace troupe {

namespace fs = std::filesystem;

checkpoint_handover::checkpoint_handover(const trial& t)
    : parent_{t.folder().empty() ? fs::temp_directory_path() : t.folder()},
      work_{parent_},
      folder_{work_.path() / "new"} {
  fs::create_directory(folder_);
  if (!t.last_checkpoint()) return;
  last_ = work_.path() / "last";
  t.last_checkpoint().copy_to(*last_);
}

fs::path checkpoint_handover::results_folder(const fs::path& folder) {
  return folder.parent_path().parent_path(); // without "new", and the work folder's name
}

checkpoint checkpoint_handover::take(const std::string& name) const {
  const auto made = folder_ / name;
  if (fs::symlink_status(made).type() != fs::file_type::directory)
    throw std::runtime_error{"the checkpoint \"" + name + "\" is no folder in " + folder_.string()};
  work_folder place{parent_};
  fs::rename(made, place.path());
  auto c = checkpoint::take(place.path());
  place.release();
  return c;
}

} // namespace troupe
