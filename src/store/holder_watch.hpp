#pragma once

#include "store/lock_note.hpp"
#include "store/still_watch.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

namespace troupe {

/// Returns what a file holds, as the server has it now; none if there is no such file. Throws
/// std::system_error.
std::optional<std::string> read_lock_file(const std::filesystem::path& file);

/// Whether somebody holds a file with a heartbeat, as far as it is known.
enum class lock_state : std::uint8_t {
  free,      ///< Nobody does.
  abandoned, ///< Its holder is out of sight and has stood still; should it wake up after all, it
             ///< learns that it has lost the file before it does harm.
  held,      ///< A process that lives does.
  unsure,    ///< Its holder is out of sight: look again, at least once per period().
};

/// Judges whether a file with a heartbeat is held, by looking at it now and then. Changes nothing.
class holder_watch {
public:
  using clock = still_watch::clock;

  /// What a file without content means.
  enum class emptiness : std::uint8_t {
    free,    ///< Its holder has let go of it.
    unknown, ///< Who has made it has yet to say so.
  };

  /// `self`: who looks (beating_note_of_this_process).
  holder_watch(std::filesystem::path file, lock_note self, emptiness empty = emptiness::free)
      : file_{std::move(file)},
        self_{std::move(self)},
        empty_{empty} {}

  /// Looks. Throws std::system_error.
  lock_state look(clock::time_point now);

  /// What the last look has found in the file; none if there was none.
  const std::optional<std::string>& content() const noexcept { return content_; }

  /// How often its holder, as far as it is known, shows itself.
  std::chrono::milliseconds period() const;

private:
  lock_state judge(clock::time_point now);

  std::filesystem::path file_;
  lock_note self_;
  emptiness empty_;
  std::optional<std::string> content_;
  std::optional<lock_note> note_;
  std::optional<still_watch> watch_; ///< Of a holder out of sight.
};

} // namespace troupe
