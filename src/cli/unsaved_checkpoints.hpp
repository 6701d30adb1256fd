#pragma once

#include "search/life/checkpoint_keeper.hpp"

#include <troupe/results.hpp>
#include <troupe/study.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace troupe {

/// Which checkpoints of a study are still to be saved, as its events tell: those that trials have
/// reported and that are kept, until they are on the disk. What becomes superfluous before its turn
/// comes is never saved.
class unsaved_checkpoints {
public:
  explicit unsaved_checkpoints(const study& s) noexcept
      : none_kept_{s.keep_mode(), s.keep_best, s.keep_last} {}

  /// Trial `n` has reported with `checkpoint`; `score` is the metric by which they are kept.
  void reported(trial_number n, int checkpoint, double score);

  /// The last checkpoint of trial `n` is kept until the next such call.
  void pin_last(trial_number n);

  /// Trial `n` will go on from a checkpoint of `donor`, which is needed until one of `n`'s own is
  /// saved, or it has ended for good.
  void taken_over(trial_number n, trial_number donor, int checkpoint);

  void ended(trial_number n, trial_state state);

  void saved(trial_number n, int checkpoint);

  /// It is not there any more, saved or not.
  void lost(trial_number n, int checkpoint) { waiting_.erase({n, checkpoint}); }

  std::size_t count() const noexcept { return waiting_.size(); }

private:
  struct owner {
    checkpoint_keeper keeper;
    std::optional<std::pair<trial_number, int>> borrowed{};
    int next = 0;      ///< The number of its next checkpoint,
    int first_own = 0; ///< and what that was when it borrowed.
  };

  owner& known(trial_number n) { return owners_.try_emplace(n, owner{none_kept_}).first->second; }
  void give_back(owner& taker);

  checkpoint_keeper none_kept_;
  std::map<trial_number, owner> owners_;
  std::set<std::pair<trial_number, int>> waiting_;
};

} // namespace troupe
