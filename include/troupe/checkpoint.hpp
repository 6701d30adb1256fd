#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// A named piece of a checkpoint: one file of its folder, e.g. "model.safetensors".
struct blob {
  std::string name;
  std::vector<std::byte> bytes;
};

/// The state that a trial needs to go on: an immutable set of named blobs.
///
/// Copying copies a pointer, so a checkpoint can be handed from a training thread to the disk and
/// to another trial without copying its bytes. Safe to read from several threads.
class checkpoint {
public:
  /// No checkpoint.
  checkpoint() = default;

  /// Throws std::invalid_argument for a name that is not a plain file name, or that stands twice.
  explicit checkpoint(std::vector<blob> blobs);

  /// Reads every regular file of `folder` (those in folders inside are none of its blobs). Throws
  /// std::runtime_error naming the file that could not be read.
  static checkpoint load(const std::filesystem::path& folder);

  /// The same, to be read when its blobs are asked for first: they throw what load throws. The
  /// folder must not change until then.
  static checkpoint in(std::filesystem::path folder);

  /// Takes over `folder` with all that is in it, folders too. It becomes the checkpoint's own when
  /// that is saved, by a rename, and is removed with the last copy of one that never is. Nobody
  /// else may change it from now on. Throws std::runtime_error, and takes nothing over, if there is
  /// something in it that cannot be kept: what is neither a file nor a folder or cannot be read,
  /// and a file metadata.json, for Troupe writes one of its own.
  static checkpoint take(std::filesystem::path folder);

  /// Returns whether there is one.
  explicit operator bool() const noexcept { return content_ != nullptr; }

  std::span<const blob> blobs() const;

  /// Returns the blob called `name`; throws std::out_of_range, naming what there is, if it is
  /// missing.
  const blob& at(std::string_view name) const;

  /// Writes it to `folder`, which is made, without what Troupe says in metadata.json: a copy that
  /// may be changed. Throws std::runtime_error naming what cannot be read or written.
  void copy_to(const std::filesystem::path& folder) const;

  /// Returns how many bytes of memory its blobs take: none while they are in a folder.
  std::uint64_t bytes_in_memory() const;

  /// For who saves it: the folder that it has taken over, until that is moved; else empty.
  std::filesystem::path taken_folder() const;

  /// For who saves it: renames the folder that it has taken over to `place`, where it is
  /// from now on. Throws std::runtime_error if that cannot be done.
  void move_to(const std::filesystem::path& place) const;

private:
  struct content;
  std::shared_ptr<const content> content_;
};

} // namespace troupe
