#pragma once

#include <filesystem>
#include <vector>

namespace troupe {

/// A folder of a name of its own; removed with the object, with all that is in it.
class work_folder {
public:
  /// Makes one in `parent`. Throws std::system_error naming that if it cannot be done.
  explicit work_folder(const std::filesystem::path& parent);
  ~work_folder();
  work_folder(const work_folder&) = delete;
  work_folder& operator=(const work_folder&) = delete;

  const std::filesystem::path& path() const noexcept { return path_; }

  /// Lets it be: from now on somebody else removes it. Returns its path.
  std::filesystem::path release() noexcept;

private:
  std::filesystem::path path_;
};

/// Returns the work folders in `parent`: where nobody uses them any more, they are left over.
std::vector<std::filesystem::path> work_folders_in(const std::filesystem::path& parent);

} // namespace troupe
