#pragma once

#include <filesystem>
#include <optional>
#include <utility>

namespace troupe {

/// An exclusive lock on a file of a local disk, against other processes and other objects of this
/// one; let go of with the object, and by the system when the process has died.
///
/// The file says who holds it (lock_note). That is for people: whether it is held is known to the
/// system alone.
class folder_lock {
public:
  /// Creates `file` if needed and locks it. Returns none if somebody else holds it. Throws
  /// std::system_error: no_such_file_or_directory if its folder is not there.
  static std::optional<folder_lock> take(const std::filesystem::path& file);

  folder_lock(folder_lock&& other) noexcept
      : file_{std::move(other.file_)},
        descriptor_{std::exchange(other.descriptor_, -1)},
        is_new_{other.is_new_} {}
  folder_lock& operator=(folder_lock&&) = delete;
  ~folder_lock();

  /// Returns whether the file was created for this lock.
  bool is_new() const noexcept { return is_new_; }

  /// Removes the file: nobody's but ours, as it is locked.
  void remove_file() noexcept;

private:
  folder_lock(std::filesystem::path file, int descriptor, bool is_new)
      : file_{std::move(file)},
        descriptor_{descriptor},
        is_new_{is_new} {}
  bool lock();
  void sign() const;

  std::filesystem::path file_;
  int descriptor_;
  bool is_new_;
};

} // namespace troupe
