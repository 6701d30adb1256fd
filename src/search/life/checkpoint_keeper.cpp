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
  if (const auto found = lent_.find(number); found != lent_.end()) lent_.erase(found);
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
  lent_.erase(number);
}

/// Lets go of what has no claim to be kept any longer.
std::vector<int> checkpoint_keeper::sweep() {
  auto ranked = kept_;
  std::ranges::sort(ranked, [this](const entry& a, const entry& b) { return better(a, b); });
  if (ranked.size() > best_) ranked.resize(best_);

  const auto first_of_last = kept_.size() > last_ ? kept_.size() - last_ : 0;
  std::vector<entry> keep;
  std::vector<int> drop;
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    const bool among_best =
        std::ranges::any_of(ranked, [&](const entry& e) { return e.number == kept_[i].number; });
    if (i >= first_of_last || among_best || kept_[i].number == pinned_ ||
        lent_.contains(kept_[i].number))
      keep.push_back(kept_[i]);
    else
      drop.push_back(kept_[i].number);
  }
  kept_ = std::move(keep);
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
