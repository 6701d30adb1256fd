#pragma once

#include <cstddef>
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

  /// Reads every regular file of `folder`. Throws std::runtime_error naming the file that could not
  /// be read.
  static checkpoint load(const std::filesystem::path& folder);

  /// The same, to be read when its blobs are asked for first: they throw what load throws. The
  /// folder must not change until then.
  static checkpoint in(std::filesystem::path folder);

  /// Returns whether there is one.
  explicit operator bool() const noexcept { return content_ != nullptr; }

  std::span<const blob> blobs() const;

  /// Returns the blob called `name`; throws std::out_of_range, naming what there is, if it is
  /// missing.
  const blob& at(std::string_view name) const;

private:
  struct content;
  std::shared_ptr<const content> content_;
};

} // namespace troupe
