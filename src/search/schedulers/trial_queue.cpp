#include "search/schedulers/trial_queue.hpp"

namespace troupe {

void trial_queue::append(trial_number n) {
  forget(n);
  places_.emplace(n, end_);
  pending_.emplace(end_, n);
  ++end_;
}

std::optional<trial_number> trial_queue::take() {
  auto& waiting = pending_.empty() ? paused_ : pending_;
  if (waiting.empty()) return std::nullopt;
  const auto first = waiting.begin();
  const trial_number n = first->second;
  waiting.erase(first);
  return n;
}

void trial_queue::set(trial_number n, trial_state state) {
  const place at = places_.at(n);
  unqueue(at);
  if (state == trial_state::pending) pending_.emplace(at, n);
  if (state == trial_state::paused) paused_.emplace(at, n);
}

void trial_queue::forget(trial_number n) {
  const auto found = places_.find(n);
  if (found == places_.end()) return;
  unqueue(found->second);
  places_.erase(found);
}

void trial_queue::unqueue(place at) noexcept {
  pending_.erase(at);
  paused_.erase(at);
}

} // namespace troupe
