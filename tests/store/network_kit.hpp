#pragma once

#include "store/lock_note.hpp"
#include "store_kit.hpp"

#include <chrono>
#include <cstdlib>
#include <string>
#include <utility>

namespace store_kit {

using namespace std::chrono_literals;

/// While it lives, folders are taken for such on a network file system.
class pretended_network {
public:
  pretended_network() { ::setenv("TROUPE_FILE_SYSTEM", "network", 1); }
  ~pretended_network() { ::unsetenv("TROUPE_FILE_SYSTEM"); }
  pretended_network(const pretended_network&) = delete;
  pretended_network& operator=(const pretended_network&) = delete;
};

inline constexpr auto beat_period = 2000ms;

/// What this process would say of itself on a machine of that name.
inline troupe::lock_note note_on(std::string host) {
  auto note = troupe::beating_note_of_this_process(beat_period);
  note.host = std::move(host);
  return note;
}

/// A clock that stands until it is told to go on.
struct told_clock {
  std::chrono::steady_clock::time_point now{1h};

  std::chrono::steady_clock::time_point after(std::chrono::milliseconds time) {
    return now += time;
  }
};

} // namespace store_kit
