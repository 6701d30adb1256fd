#pragma once

#include <troupe/events.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace troupe {

/// When which trial ran beside which: each on a line of its own as long as it runs, the topmost
/// that is free.
class busy_slots {
public:
  struct span {
    trial_number trial = 0;
    std::size_t slot = 0;
    std::int64_t begin_ns = 0, end_ns = 0; ///< Unix times.
  };

  void take(const event& e);

  /// Returns what has been taken, by beginning; trials that run still run until the last event.
  std::vector<span> spans() const;

private:
  void leave(trial_number n, std::int64_t now);

  std::vector<span> spans_;
  std::map<trial_number, std::size_t> running_; ///< Places among spans_.
  std::vector<bool> taken_;                     ///< By slot.
  std::int64_t last_ns_ = 0;
};

} // namespace troupe
