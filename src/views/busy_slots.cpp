#include "views/busy_slots.hpp"

#include <algorithm>
#include <iterator>
#include <variant>

namespace troupe {

void busy_slots::take(const event& e) {
  if (std::holds_alternative<event_kind::study_resumed>(e.body))
    while (!running_.empty()) // whatever ran them has died
      leave(running_.begin()->first, last_ns_);
  last_ns_ = std::max(last_ns_, e.time_ns);
  if (!e.trial) return;
  if (std::holds_alternative<event_kind::trial_started>(e.body)) {
    leave(*e.trial, e.time_ns);
    const auto free = std::ranges::find(taken_, false);
    const auto slot = static_cast<std::size_t>(std::distance(taken_.begin(), free));
    if (free == taken_.end()) taken_.push_back(true);
    taken_[slot] = true;
    running_[*e.trial] = spans_.size();
    spans_.push_back({*e.trial, slot, e.time_ns, e.time_ns});
  } else if (std::holds_alternative<event_kind::trial_ended>(e.body) ||
             std::holds_alternative<event_kind::trial_paused>(e.body) ||
             std::holds_alternative<event_kind::trial_held>(e.body) ||
             std::holds_alternative<event_kind::trial_failed>(e.body)) {
    leave(*e.trial, e.time_ns);
  }
}

void busy_slots::leave(trial_number n, std::int64_t now) {
  const auto found = running_.find(n);
  if (found == running_.end()) return;
  auto& s = spans_[found->second];
  s.end_ns = std::max(now, s.begin_ns);
  taken_[s.slot] = false;
  running_.erase(found);
}

std::vector<busy_slots::span> busy_slots::spans() const {
  auto all = spans_;
  for (const auto& [trial, place] : running_)
    all[place].end_ns = std::max(last_ns_, all[place].begin_ns);
  return all;
}

} // namespace troupe
