#pragma once

#include "store/beating_lock.hpp"
#include "store/folder_lock.hpp"
#include "store/heartbeat.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

namespace troupe {

/// What keeps others off a study's folder: on a local disk a folder_lock, on a network file system
/// (is_on_network) a beating_lock and a thread that renews it.
class study_lock {
public:
  /// Does not take it yet. Throws std::invalid_argument for what TROUPE_FILE_SYSTEM or
  /// TROUPE_HEARTBEAT_S cannot say.
  explicit study_lock(std::filesystem::path file);

  /// Takes the lock if nobody else has it; returns whether it is ours now. Throws std::system_error
  /// as folder_lock::take does.
  bool try_take();

  /// Returns whether the last try_take has found a holder that may have died, which further calls
  /// will tell.
  bool may_be_left() const noexcept;

  /// How long to wait before the next call.
  std::chrono::milliseconds pause() const;

  /// Returns whether nobody has taken the lock from us, as only happens on a network file system.
  /// Throws std::system_error if that cannot be seen.
  bool is_ours() const;

  /// What follows is about a lock that is ours.

  /// Whether the file was created for it.
  bool is_new() const noexcept;

  /// Whether it was taken from a holder that may still live somewhere.
  bool is_taken_over() const noexcept;

  /// Removes the file, if it is still ours.
  void remove_file() noexcept;

private:
  std::filesystem::path file_;
  std::optional<folder_lock> local_;
  std::optional<beating_lock> shared_; ///< None on a local disk.
  std::optional<heartbeat> heartbeat_;
  bool holder_lives_ = false; ///< One of those found has been seen to.
};

/// Returns who holds a lock, as far as its file says: "process 12 (troupe run) on host a since
/// 2026-01-02 03:04:05 UTC"; else "another process".
std::string holder_of(const std::filesystem::path& file);

/// Returns whether another process or object has the lock. On a network file system this may have
/// to watch it for a while.
bool is_held(const std::filesystem::path& file);

} // namespace troupe
