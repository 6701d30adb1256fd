#pragma once

#include "store/holder_watch.hpp"
#include "store/lock_note.hpp"

#include <chrono>
#include <filesystem>

namespace troupe {

/// An exclusive lock on a file that needs nothing of its file system but that files are made and
/// renamed by one alone: for network file systems. Its holder must show that it lives by beat(); a
/// process on another machine that has seen none for still_watch::most_missed periods takes the
/// file over. A holder that was suspended, or cut off, learns so from is_ours(): what it shows to
/// others it must have written before it asks.
///
/// `file` says who holds it, as a line of JSON (lock_note); without content nobody does. FILE.next
/// is there while somebody takes it. beat() may run beside is_ours(); else one thread at a time.
class beating_lock {
public:
  using clock = still_watch::clock;

  /// Does not take it yet. `self`: beating_note_of_this_process.
  beating_lock(const std::filesystem::path& file, lock_note self);
  beating_lock(const beating_lock&) = delete;
  beating_lock& operator=(const beating_lock&) = delete;

  /// Lets go of it.
  ~beating_lock();

  /// Takes the file if it is free, or its holder has stood still since calls before; returns
  /// whether it is ours now. Throws std::system_error: no_such_file_or_directory if its folder is
  /// not there.
  bool try_take(clock::time_point now);

  /// Whether the last try_take has found somebody of whom it is not known whether it lives, or has
  /// been outrun: try again, at least once per period().
  bool is_unsure() const noexcept { return found_ == lock_state::unsure; }

  /// How often the present holder shows itself.
  std::chrono::milliseconds period() const { return holder_.period(); }

  /// Shows that its holder lives. A server that cannot be reached is no reason to do more than try
  /// again.
  void beat() noexcept;

  /// Returns whether the file is still ours, as the server has it now. Throws std::system_error if
  /// that cannot be seen.
  bool is_ours() const;

  /// Whether there was no such file before. Once it is ours.
  bool is_new() const noexcept { return is_new_; }

  /// Whether it was taken from a holder that may still live somewhere. Once it is ours.
  bool is_taken_over() const noexcept { return is_taken_over_; }

private:
  bool claim(clock::time_point now);
  void put_in_place();
  void drop() noexcept;

  std::filesystem::path file_, next_;
  lock_note self_;
  holder_watch holder_, claimant_;
  lock_state found_ = lock_state::free;
  int descriptor_ = -1;
  bool is_new_ = false, is_taken_over_ = false;
};

} // namespace troupe
