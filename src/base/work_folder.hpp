#pragma once

#include <filesystem>
#include <string_view>

namespace troupe {

/// What the names of work folders begin with, by which they are known when nobody is left who would
/// remove them.
inline constexpr std::string_view work_folder_prefix = ".work_";

/// A folder of a name of its own; removed with the object, with all that is in it.
class work_folder {
public:
  /// Makes one in `parent`, which is made as well if need be. Throws std::system_error naming what
  /// cannot be made.
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

} // namespace troupe
