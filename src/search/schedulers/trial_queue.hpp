#pragma once

#include <troupe/results.hpp>
#include <troupe/searcher.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>

namespace troupe {

/// The trials of a study in the order in which they were added, and which of them wait: the way of
/// choosing that most schedulers have in common. Every operation is O(log n).
class trial_queue {
public:
  /// `n` waits at the end of the list, also if it had a place before.
  void append(trial_number n);

  /// Returns the first pending trial, else the first paused one, which then counts as running; none
  /// if nobody waits.
  std::optional<trial_number> take();

  /// Trial `n` of the list becomes pending, running or paused and keeps its place. Throws
  /// std::out_of_range if it is not in the list.
  void set(trial_number n, trial_state state);

  /// Returns whether nobody waits.
  bool empty() const noexcept { return pending_.empty() && paused_.empty(); }

  /// `n` leaves the list, if it is there.
  void forget(trial_number n);

private:
  using place = std::uint64_t;

  void unqueue(place) noexcept;

  place end_ = 0;
  std::unordered_map<trial_number, place> places_;
  std::map<place, trial_number> pending_;
  std::map<place, trial_number> paused_;
};

} // namespace troupe
