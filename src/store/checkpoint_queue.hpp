#pragma once

#include <troupe/searcher.hpp>

#include <deque>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

namespace troupe {

/// In which order a study's checkpoints are saved and removed. One that is superfluous before its
/// turn comes is not saved at all. One that is on the disk is removed only when what has taken its
/// place is there, so that at no moment a trial has nothing to go on from.
///
/// Pure: who owns it saves and removes. Not thread-safe.
class checkpoint_queue {
public:
  using name = std::pair<trial_number, int>; ///< A trial, and the checkpoint's number.

  /// It is to be saved. A trial's numbers ascend.
  void save(name which) { waiting_.push_back(which); }

  /// It is not needed any longer. Returns whether it waited to be saved, and does not any more.
  bool skip(name which);

  /// It is to be removed from the disk, if it has not been skipped: when all that waits to be saved
  /// now, or the next of the same trial, has been.
  void remove(name which);

  /// Returns the one to be saved next; none if none waits.
  std::optional<name> next_to_save() const;

  /// The next one is on the disk.
  void saved();

  /// Returns those that may be removed now, each once.
  std::vector<name> take_removable();

private:
  struct removal {
    name which;
    std::vector<name> after; ///< The newest of each trial that waited then.
  };

  bool waits_for(const name& earlier) const;

  std::deque<name> waiting_;
  std::set<name> skipped_;                             ///< Whose removal is still to come.
  std::unordered_map<trial_number, int> newest_saved_; ///< Of trials that removals wait for.
  std::deque<removal> removals_;
};

} // namespace troupe
