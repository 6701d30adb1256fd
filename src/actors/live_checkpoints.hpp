#pragma once

#include <troupe/checkpoint.hpp>
#include <troupe/searcher.hpp>

#include <cstdint>
#include <deque>
#include <unordered_map>
#include <utility>

namespace troupe {

/// The last checkpoint of each trial that may go on, in memory.
///
/// A trial that ends may still be a donor: the scheduler, asked before, may say so. It answers in
/// the order of the questions, so the checkpoint fades when all asked until then are answered.
class live_checkpoints {
public:
  using name = std::pair<trial_number, int>; ///< Whose it is, and its number.

  /// Trial `n` goes on from checkpoint `which`, perhaps another's.
  void set(trial_number n, name which, checkpoint c) { last_[n] = {which, std::move(c)}; }

  /// Returns what trial `n` goes on from, if that is `which` and is in memory; else none.
  checkpoint find(trial_number n, name which) const {
    const auto found = last_.find(n);
    return found != last_.end() && found->second.which == which ? found->second.content
                                                                : checkpoint{};
  }

  /// The scheduler has been asked something.
  void asked() noexcept { ++questions_; }

  /// The scheduler has answered, and all that it said has been done.
  void answered() {
    ++answers_;
    while (!fading_.empty() && fading_.front().first <= answers_) {
      last_.erase(fading_.front().second);
      fading_.pop_front();
    }
  }

  /// Trial `n` has ended for good.
  void fade(trial_number n) {
    if (questions_ == answers_)
      last_.erase(n);
    else
      fading_.emplace_back(questions_, n);
  }

private:
  struct entry {
    name which{};
    checkpoint content;
  };

  std::unordered_map<trial_number, entry> last_;
  std::uint64_t questions_ = 0, answers_ = 0;
  std::deque<std::pair<std::uint64_t, trial_number>> fading_; ///< By the answer they wait for.
};

} // namespace troupe
