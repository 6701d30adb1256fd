#include "store/checkpoint_queue.hpp"

#include <algorithm>
#include <iterator>

namespace troupe {

void checkpoint_queue::save(name which) {
  order_.push_back(which);
  waiting_.emplace(which, now_);
  since_.insert(now_++);
}

bool checkpoint_queue::skip(name which) {
  const auto skipped = waiting_.find(which);
  if (skipped == waiting_.end()) return false;
  const auto next = std::next(skipped);
  if (next != waiting_.end() && next->first.first == which.first) {
    since_.erase(since_.find(next->second));
    next->second = std::min(next->second, skipped->second);
    since_.insert(next->second);
  }
  forget(skipped);
  skipped_.insert(which);
  return true;
}

void checkpoint_queue::remove(name which) {
  if (skipped_.erase(which) > 0) return; // it is not on the disk
  removals_.push_back({which, now_});
}

std::optional<checkpoint_queue::name> checkpoint_queue::next_to_save() {
  while (!order_.empty() && !waiting_.contains(order_.front()))
    order_.pop_front();
  if (order_.empty()) return std::nullopt;
  return order_.front();
}

void checkpoint_queue::saved() {
  forget(waiting_.find(order_.front()));
  order_.pop_front();
}

void checkpoint_queue::forget(std::map<name, moment>::iterator at) {
  since_.erase(since_.find(at->second));
  waiting_.erase(at);
}

std::vector<checkpoint_queue::name> checkpoint_queue::take_removable() {
  std::vector<name> now;
  while (!removals_.empty() && (since_.empty() || *since_.begin() >= removals_.front().when)) {
    now.push_back(removals_.front().which);
    removals_.pop_front();
  }
  return now;
}

} // namespace troupe
