#include "store/checkpoint_folder.hpp"
#include "store/checkpoint_tree.hpp"
#include "store/files.hpp"

#include <troupe/checkpoint.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>
#include <system_error>

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
  content() = default;
  ~content() {
    std::error_code ignored; // what stays is removed when the study goes on
    if (is_taken) fs::remove_all(folder, ignored);
  }
  content(const content&) = delete;
  content& operator=(const content&) = delete;

  /// What is in `folder`, once it has been asked for; else what is there already.
  const std::vector<blob>& get() const {
    if (!in_memory)
      std::call_once(once, [this] {
        const std::shared_lock lock{mutex};
        blobs = read_blobs(folder);
      });
    return blobs;
  }

  bool in_memory = true; ///< Else it is in a folder.
  mutable std::vector<blob> blobs{};
  mutable std::once_flag once{};
  mutable std::shared_mutex mutex{}; ///< Of the rest: nobody reads a folder while it is moved.
  mutable fs::path folder{};
  mutable bool is_taken = false; ///< The folder is to be removed with this.
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
  content->in_memory = false;
  content->folder = std::move(folder);
  checkpoint c;
  c.content_ = std::move(content);
  return c;
}

checkpoint checkpoint::take(fs::path folder) {
  check_tree(folder);
  auto c = in(std::move(folder));
  c.content_->is_taken = true;
  return c;
}

void checkpoint::copy_to(const fs::path& folder) const {
  if (content_ && !content_->in_memory) {
    const std::shared_lock lock{content_->mutex};
    return copy_tree(content_->folder, folder);
  }
  create_folder(folder);
  for (const auto& b : blobs())
    if (b.name != metadata_name) output_file::create(folder / b.name).write(b.bytes);
}

std::uint64_t checkpoint::bytes_in_memory() const {
  std::uint64_t bytes = 0;
  if (content_ && content_->in_memory)
    for (const auto& b : content_->blobs)
      bytes += b.bytes.size();
  return bytes;
}

fs::path checkpoint::taken_folder() const {
  if (!content_) return {};
  const std::shared_lock lock{content_->mutex};
  return content_->is_taken ? content_->folder : fs::path{};
}

void checkpoint::move_to(const fs::path& place) const {
  const std::unique_lock lock{content_->mutex};
  rename_path(content_->folder, place);
  content_->folder = place;
  content_->is_taken = false;
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
