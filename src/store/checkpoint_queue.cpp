#include "store/checkpoint_queue.hpp"

#include <algorithm>

namespace troupe {

bool checkpoint_queue::skip(name which) {
  if (std::erase(waiting_, which) == 0) return false;
  skipped_.insert(which);
  return true;
}

void checkpoint_queue::remove(name which) {
  if (skipped_.erase(which) > 0) return; // it is not on the disk
  std::unordered_map<trial_number, int> newest;
  for (const auto& [n, number] : waiting_)
    newest[n] = number;
  removals_.push_back({which, {newest.begin(), newest.end()}});
}

std::optional<checkpoint_queue::name> checkpoint_queue::next_to_save() const {
  if (waiting_.empty()) return std::nullopt;
  return waiting_.front();
}

void checkpoint_queue::saved() {
  const auto [n, number] = waiting_.front();
  waiting_.pop_front();
  if (!removals_.empty()) newest_saved_[n] = number;
}

/// Whether `earlier`, or a newer one of its trial, is still to be saved.
bool checkpoint_queue::waits_for(const name& earlier) const {
  const auto saved = newest_saved_.find(earlier.first);
  if (saved != newest_saved_.end() && saved->second >= earlier.second) return false;
  return std::ranges::any_of(waiting_, [&](const name& w) { return w.first == earlier.first; });
}

std::vector<checkpoint_queue::name> checkpoint_queue::take_removable() {
  std::vector<name> now;
  std::erase_if(removals_, [&](removal& r) {
    std::erase_if(r.after, [&](const name& earlier) { return !waits_for(earlier); });
    if (r.after.empty()) now.push_back(r.which);
    return r.after.empty();
  });
  if (removals_.empty()) newest_saved_.clear();
  return now;
}

} // namespace troupe
