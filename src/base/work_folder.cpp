#include "base/work_folder.hpp"

#include "base/removal.hpp"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace troupe {

namespace {

constexpr std::string_view work_folder_prefix = ".troupe_work_";

} // namespace

work_folder::work_folder(const std::filesystem::path& parent) {
  auto name = (parent / (std::string{work_folder_prefix} + "XXXXXX")).string();
  if (!mkdtemp(name.data()))
    throw std::system_error{errno, std::generic_category(),
                            "no folder can be made in " + parent.string()};
  path_ = std::move(name);
}

work_folder::~work_folder() {
  if (!path_.empty()) remove_whole(path_); // what stays is removed by who takes the folder next
}

std::vector<std::filesystem::path> work_folders_in(const std::filesystem::path& parent) {
  std::vector<std::filesystem::path> found;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator{parent, error})
    if (entry.path().filename().string().starts_with(work_folder_prefix))
      found.push_back(entry.path());
  return found;
}

std::filesystem::path work_folder::release() noexcept {
  return std::exchange(path_, {});
}

} // namespace troupe
