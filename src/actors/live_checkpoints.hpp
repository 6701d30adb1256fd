#pragma once

#include <troupe/checkpoint.hpp>
#include <troupe/searcher.hpp>

#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

namespace troupe {

/// The last checkpoint of each trial that may go on, in memory.
///
/// A trial that ends may still be a donor: the scheduler, asked before, may say so. It answers in
/// the order of the questions, so the checkpoint fades when all asked until then are answered.
class live_checkpoints {
public:
  /// One more trial has come into being.
  void add() { last_.emplace_back(); }

  const checkpoint& operator[](trial_number n) const { return last_[n]; }
  void set(trial_number n, checkpoint c) { last_[n] = std::move(c); }

  /// The scheduler has been asked something.
  void asked() noexcept { ++questions_; }

  /// The scheduler has answered, and all that it said has been done.
  void answered() {
    ++answers_;
    while (!fading_.empty() && fading_.front().first <= answers_) {
      last_[fading_.front().second] = {};
      fading_.pop_front();
    }
  }

  /// Trial `n` has ended for good.
  void fade(trial_number n) {
    if (questions_ == answers_)
      last_[n] = {};
    else
      fading_.emplace_back(questions_, n);
  }

private:
  std::vector<checkpoint> last_; ///< By number.
  std::uint64_t questions_ = 0, answers_ = 0;
  std::deque<std::pair<std::uint64_t, trial_number>> fading_; ///< By the answer they wait for.
};

} // namespace troupe
