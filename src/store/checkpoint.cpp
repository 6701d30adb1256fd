#include "store/checkpoint_folder.hpp"
#include "store/files.hpp"

#include <troupe/checkpoint.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <stdexcept>

namespace troupe {

namespace fs = std::filesystem;

namespace {

std::vector<blob> read_blobs(const fs::path& folder) {
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
  return blobs;
}

} // namespace

struct checkpoint::content {
  /// What is in `folder`, once it has been asked for; else what is there already.
  const std::vector<blob>& get() const {
    if (!folder.empty()) std::call_once(once, [this] { blobs = read_blobs(folder); });
    return blobs;
  }

  fs::path folder{};
  mutable std::vector<blob> blobs{};
  mutable std::once_flag once{};
};

checkpoint::checkpoint(std::vector<blob> blobs) {
  check_blob_names(blobs);
  auto content = std::make_shared<checkpoint::content>();
  content->blobs = std::move(blobs);
  content_ = std::move(content);
}

checkpoint checkpoint::load(const fs::path& folder) {
  return checkpoint{read_blobs(folder)};
}

checkpoint checkpoint::in(fs::path folder) {
  auto content = std::make_shared<checkpoint::content>();
  content->folder = std::move(folder);
  checkpoint c;
  c.content_ = std::move(content);
  return c;
}

std::span<const blob> checkpoint::blobs() const {
  return content_ ? std::span<const blob>{content_->get()} : std::span<const blob>{};
}

const blob& checkpoint::at(std::string_view name) const {
  const auto all = blobs();
  const auto found = std::ranges::find(all, name, &blob::name);
  if (found != all.end()) return *found;
  std::string present;
  for (const auto& b : all)
    present += (present.empty() ? "" : ", ") + b.name;
  throw std::out_of_range{fmt::format("the checkpoint has no \"{}\"; it has: {}", name, present)};
}

} // namespace troupe
