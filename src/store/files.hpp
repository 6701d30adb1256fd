#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe {

/// Files of a results folder, written with errors noticed. Everything here throws folder_error that
/// names the path, what the system said and, where there is one, the remedy: "cannot write to
/// a/b.json: No space left on device; free some disk space".

/// A file open for writing; closed with the object. Movable, empty when default-constructed.
class output_file {
public:
  output_file() = default;

  /// Creates `path`, which must not exist.
  static output_file create(const std::filesystem::path& path);

  /// Opens `path` for appending; creates it if needed.
  static output_file append_to(const std::filesystem::path& path);

  output_file(output_file&& other) noexcept
      : path_{std::move(other.path_)},
        descriptor_{std::exchange(other.descriptor_, -1)} {}
  output_file& operator=(output_file&& other) noexcept;
  ~output_file();

  explicit operator bool() const noexcept { return descriptor_ >= 0; }

  /// Writes all of it: what was written survives the process, though not a power cut.
  void write(std::string_view text);
  void write(std::span<const std::byte> bytes);

  /// Waits until what was written survives a power cut.
  void sync();

private:
  output_file(std::filesystem::path path, int flags);
  void close() noexcept;

  std::filesystem::path path_;
  int descriptor_ = -1;
};

/// Waits until what is in the file `path` survives a power cut.
void sync_file(const std::filesystem::path& path);

/// Waits until the names in `folder` survive a power cut; as far as that is possible: not if the
/// folder may not be read, or its file system knows no such thing.
void sync_folder(const std::filesystem::path& folder);

/// Replaces `path` by a file with this text: readers, and whoever looks after the process has died,
/// see the old one or the new one, whole. Writes "PATH.tmp" first, which a failure removes.
void replace_file(const std::filesystem::path& path, std::string_view text);

/// The same, and when it returns, the new file survives a power cut.
void write_atomically(const std::filesystem::path& path, std::string_view text);

/// Removes a file; does nothing if there is none.
void remove_file(const std::filesystem::path& path);

/// Creates `folder` and its parents.
void create_folder(const std::filesystem::path& folder);

/// Removes `path` and all that is in it; does nothing if there is no such thing.
void remove_tree(const std::filesystem::path& path);

/// Renames `from` to `to`, which it replaces if both are files.
void rename_path(const std::filesystem::path& from, const std::filesystem::path& to);

/// What tells a file from all others that are there, whatever they are called.
struct file_identity {
  std::uint64_t device = 0, number = 0;
  bool operator==(const file_identity&) const = default;
};

/// Returns which file `path` is, as its server has it now.
file_identity identity_of(const std::filesystem::path& path);

/// Reads a whole file.
/// @{
std::vector<std::byte> read_bytes(const std::filesystem::path& path);
std::string read_all_text(const std::filesystem::path& path);
/// @}

/// Returns whether there is a file with just this text.
bool has_text(const std::filesystem::path& path, std::string_view text);

} // namespace troupe
