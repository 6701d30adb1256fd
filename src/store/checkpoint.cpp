#include "store/checkpoint_folder.hpp"
#include "store/files.hpp"

#include <troupe/checkpoint.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace troupe {

namespace fs = std::filesystem;

checkpoint::checkpoint(std::vector<blob> blobs) {
  check_blob_names(blobs);
  blobs_ = std::make_shared<const std::vector<blob>>(std::move(blobs));
}

checkpoint checkpoint::load(const fs::path& folder) {
  std::error_code error;
  std::vector<blob> blobs;
  for (fs::directory_iterator entry{folder, error}, end; !error && entry != end;
       entry.increment(error))
    if (entry->is_regular_file())
      blobs.push_back({entry->path().filename().string(), read_bytes(entry->path())});
  if (error)
    throw std::runtime_error{
        fmt::format("cannot read checkpoint {}: {}", folder.string(), error.message())};
  std::ranges::sort(blobs, {}, &blob::name);
  return checkpoint{std::move(blobs)};
}

const blob& checkpoint::at(std::string_view name) const {
  const auto found = std::ranges::find(blobs(), name, &blob::name);
  if (found != blobs().end()) return *found;
  std::string present;
  for (const auto& b : blobs())
    present += (present.empty() ? "" : ", ") + b.name;
  throw std::out_of_range{fmt::format("the checkpoint has no \"{}\"; it has: {}", name, present)};
}

} // namespace troupe
