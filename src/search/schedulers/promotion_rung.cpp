#include "search/schedulers/promotion_rung.hpp"

#include <cmath>
#include <iterator>
#include <limits>

namespace troupe {

void promotion_rung::record(trial_number n, double value) {
  const bool counts = !std::isnan(value);
  const key k{counts ? -value : std::numeric_limits<double>::infinity(), values_.size(), n};
  values_.emplace(n, k);
  if (counts) rest_.insert(k);
  if (!rest_.empty() && !top_.empty() && *rest_.begin() < *top_.rbegin()) {
    // The newcomer is better than the last of those that may go on, and takes its place.
    const auto last = std::prev(top_.end());
    candidates_.erase(*last);
    rest_.insert(top_.extract(last));
    enter_top();
  }
  while (top_.size() < quota() && !rest_.empty())
    enter_top();
}

void promotion_rung::enter_top() {
  const key best = *rest_.begin();
  top_.insert(rest_.extract(rest_.begin()));
  if (waiting_.contains(std::get<trial_number>(best))) candidates_.insert(best);
}

void promotion_rung::set_waiting(trial_number n, bool waits) {
  const key& k = values_.at(n);
  if (waits) {
    waiting_.insert(n);
    if (top_.contains(k)) candidates_.insert(k);
  } else {
    waiting_.erase(n);
    candidates_.erase(k);
  }
}

std::optional<trial_number> promotion_rung::promotable() const {
  if (candidates_.empty()) return std::nullopt;
  return std::get<trial_number>(*candidates_.begin());
}

std::size_t promotion_rung::quota() const noexcept {
  return static_cast<std::size_t>(
      std::floor(static_cast<double>(values_.size()) / reduction_factor_));
}

} // namespace troupe
