#include "search/life/checkpoint_keeper.hpp"

#include <algorithm>
#include <cmath>

namespace troupe {

bool checkpoint_keeper::better(const entry& a, const entry& b) const noexcept {
  if (std::isnan(a.score) || std::isnan(b.score))
    return std::isnan(a.score) == std::isnan(b.score) ? a.number < b.number : std::isnan(b.score);
  if (a.score == b.score) return a.number < b.number;
  return mode_ == direction::min ? a.score < b.score : a.score > b.score;
}

std::vector<int> checkpoint_keeper::add(int number, double score) {
  kept_.push_back({number, score});
  return sweep();
}

std::vector<int> checkpoint_keeper::release(int number) {
  if (const auto found = std::ranges::find(lent_, number); found != lent_.end()) lent_.erase(found);
  return sweep();
}

std::vector<int> checkpoint_keeper::pin_last() {
  pinned_.reset();
  if (!kept_.empty()) pinned_ = kept_.back().number;
  return sweep();
}

void checkpoint_keeper::lose(int number) {
  if (pinned_ == number) pinned_.reset();
  std::erase_if(kept_, [&](const entry& e) { return e.number == number; });
  std::erase(lent_, number);
}

/// Returns the last of the best: what is not better than it has no claim as one of them. None if
/// all are among them, or none is.
std::optional<checkpoint_keeper::entry> checkpoint_keeper::last_of_best() const {
  if (best_ == 0 || best_ >= kept_.size()) return std::nullopt;
  const auto ranks = [this](const entry& a, const entry& b) { return better(a, b); };
  if (best_ == 1) return *std::ranges::min_element(kept_, ranks); // as nearly always: no copy
  auto ranked = kept_;
  std::ranges::nth_element(ranked, ranked.begin() + (best_ - 1), ranks);
  return ranked[best_ - 1];
}

bool checkpoint_keeper::is_lent(int number) const noexcept {
  return std::ranges::find(lent_, number) != lent_.end();
}

/// Lets go of what has no claim to be kept any longer.
std::vector<int> checkpoint_keeper::sweep() {
  const auto limit = last_of_best();
  const bool all_best = best_ >= kept_.size();
  std::size_t before_last = kept_.size() > last_ ? kept_.size() - last_ : 0;
  std::vector<int> drop;
  std::erase_if(kept_, [&](const entry& e) {
    const bool is_last = before_last == 0 || before_last-- == 0;
    const bool is_best = all_best || (limit && !better(*limit, e));
    if (is_last || is_best || e.number == pinned_ || is_lent(e.number)) return false;
    drop.push_back(e.number);
    return true;
  });
  return drop;
}

std::vector<int> checkpoint_keeper::kept() const {
  std::vector<int> numbers;
  for (const auto& each : kept_)
    numbers.push_back(each.number);
  return numbers;
}

std::optional<int> checkpoint_keeper::best() const {
  const auto found = std::ranges::min_element(
      kept_, [this](const entry& a, const entry& b) { return better(a, b); });
  if (found == kept_.end() || best_ == 0) return std::nullopt;
  return found->number;
}

} // namespace troupe
