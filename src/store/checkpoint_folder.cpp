#include "store/checkpoint_folder.hpp"

#include "base/json.hpp"
#include "store/files.hpp"

#include <fmt/format.h>

#include <set>
#include <stdexcept>

namespace troupe {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view metadata_name = "metadata.json";

fs::path beside(const fs::path& folder, std::string_view suffix) {
  return folder.parent_path() / fmt::format(".{}{}", folder.filename().string(), suffix);
}

bool is_plain_file_name(std::string_view name) {
  constexpr std::size_t longest = 255;
  return !name.empty() && name.size() <= longest && name != "." && name != ".." &&
         name.find_first_of(std::string_view{"/\0", 2}) == std::string_view::npos;
}

void write_durably(const fs::path& path, std::span<const std::byte> bytes) {
  auto file = output_file::create(path);
  file.write(bytes);
  file.sync();
}

} // namespace

void check_blob_names(std::span<const blob> blobs) {
  std::set<std::string_view> seen;
  for (const auto& b : blobs) {
    if (!is_plain_file_name(b.name))
      throw std::invalid_argument{
          fmt::format("a checkpoint cannot have a part named {}: a plain file name is needed",
                      to_text(boost::json::value(b.name)))};
    if (!seen.insert(b.name).second)
      throw std::invalid_argument{fmt::format("a checkpoint has two parts named \"{}\"", b.name)};
  }
}

void write_checkpoint(const fs::path& folder, const checkpoint& c,
                      const boost::json::object& metadata) {
  check_blob_names(c.blobs());
  const auto temporary = beside(folder, ".tmp");
  remove_tree(temporary);
  create_folder(temporary);
  for (const auto& b : c.blobs())
    if (b.name != metadata_name) write_durably(temporary / b.name, b.bytes);
  const auto text = to_pretty_text(metadata);
  write_durably(temporary / metadata_name, std::as_bytes(std::span{text}));
  sync_folder(temporary);
  remove_checkpoint(folder);
  rename_path(temporary, folder);
  sync_folder(folder.parent_path());
}

void remove_checkpoint(const fs::path& folder) {
  if (!fs::exists(folder)) return;
  const auto doomed = beside(folder, ".old");
  remove_tree(doomed);
  rename_path(folder, doomed);
  remove_tree(doomed);
}

void remove_leftovers(const fs::path& trial_folder) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator{trial_folder, error}) {
    const auto name = entry.path().filename().string();
    if (name.starts_with(".checkpoint_") && (name.ends_with(".tmp") || name.ends_with(".old")))
      remove_tree(entry.path());
  }
}

} // namespace troupe
