#pragma once

#include <troupe/checkpoint.hpp>
#include <troupe/searcher.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <unordered_map>
#include <utility>

namespace troupe {

/// The last checkpoint of each trial that may go on, in memory, as far as there is room: what is on
/// the disk as well need not be here.
///
/// A trial that ends may still be a donor: the scheduler, asked before, may say so. It answers in
/// the order of the questions, so the checkpoint fades when all asked until then are answered.
class live_checkpoints {
public:
  using name = std::pair<trial_number, int>; ///< Whose it is, and its number.

  /// When all together take more than `most_bytes` of memory, those that are on the disk leave it,
  /// the longest saved ones first.
  explicit live_checkpoints(std::uint64_t most_bytes) : most_bytes_{most_bytes} {}

  /// Trial `n` goes on from checkpoint `which`, perhaps another's.
  void set(trial_number n, name which, checkpoint c) {
    forget(n);
    const auto bytes = which.first == n ? c.bytes_in_memory() : 0; // its owner's are counted once
    bytes_ += bytes;
    last_[n] = {which, std::move(c), bytes};
    make_room();
  }

  /// Checkpoint `which` is on the disk.
  void saved(name which) {
    const auto found = last_.find(which.first);
    if (found == last_.end() || found->second.which != which) return;
    found->second.saved = ++saves_;
    on_disk_.emplace(saves_, which.first);
    make_room();
  }

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
      forget(fading_.front().second);
      fading_.pop_front();
    }
  }

  /// Trial `n` has ended for good.
  void fade(trial_number n) {
    if (questions_ == answers_)
      forget(n);
    else
      fading_.emplace_back(questions_, n);
  }

private:
  struct entry {
    name which{};
    checkpoint content;
    std::uint64_t bytes = 0;
    std::uint64_t saved = 0; ///< When it was, by saves_; 0: not yet.
  };

  void forget(trial_number n) {
    const auto found = last_.find(n);
    if (found == last_.end()) return;
    bytes_ -= found->second.bytes;
    on_disk_.erase(found->second.saved);
    last_.erase(found);
  }

  void make_room() {
    while (bytes_ > most_bytes_ && !on_disk_.empty())
      forget(on_disk_.begin()->second);
  }

  std::unordered_map<trial_number, entry> last_;
  std::uint64_t most_bytes_, bytes_ = 0;
  std::map<std::uint64_t, trial_number> on_disk_; ///< Of those here, by when they were saved.
  std::uint64_t saves_ = 0;
  std::uint64_t questions_ = 0, answers_ = 0;
  std::deque<std::pair<std::uint64_t, trial_number>> fading_; ///< By the answer they wait for.
};

} // namespace troupe
