#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace troupe {

/// What a lock file says about who holds it, as one line of JSON.
struct lock_note {
  std::int64_t pid = 0;
  std::string host;    ///< What the machine is called.
  std::string since;   ///< When it was taken, UTC, for people.
  std::string command; ///< What the process was called as, without further arguments.

  /// What only a lock with a heartbeat says.
  struct heart {
    std::string id;      ///< Of this one lock, no other.
    std::string machine; ///< The boot of the machine and the process namespace that `pid` is from.
    std::uint64_t started = 0;        ///< When the process was, by that machine's own count; 0:
                                      ///< not known.
    std::chrono::milliseconds period; ///< How often it beats, at least.
    std::uint64_t beat = 0;           ///< Grows.
  };
  std::optional<heart> beating{};
};

/// Returns what this process says of itself, without a heartbeat.
lock_note note_of_this_process();

/// The same, with a heartbeat of that period and an id that no other has.
lock_note beating_note_of_this_process(std::chrono::milliseconds period);

/// Returns the line of JSON, with its end.
std::string to_text(const lock_note& note);

/// Returns what to_text has made; none for anything else.
std::optional<lock_note> read_note(std::string_view text);

/// Returns "process 12 (troupe run) on host a since 2026-01-02 03:04:05 UTC".
std::string described(const lock_note& note);

/// Whether a process is there, as another sees it.
enum class presence : std::uint8_t {
  gone,
  alive,
  out_of_sight, ///< It is, or was, on another machine.
};

/// Returns what `self`, which this process has written about itself, can know about `other`.
presence presence_of(const lock_note& other, const lock_note& self);

} // namespace troupe
