#include "base/work_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>
#include <utility>

namespace troupe {

work_folder::work_folder(const std::filesystem::path& parent) {
  std::filesystem::create_directories(parent);
  auto name = (parent / (std::string{work_folder_prefix} + "XXXXXX")).string();
  if (!mkdtemp(name.data()))
    throw std::system_error{errno, std::generic_category(),
                            "no folder can be made in " + parent.string()};
  path_ = std::move(name);
}

work_folder::~work_folder() {
  std::error_code ignored; // what stays is removed when the study goes on, or by the doctor
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path work_folder::release() noexcept {
  return std::exchange(path_, {});
}

} // namespace troupe
