#pragma once

#include <troupe/searcher.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace troupe {

/// In which order a study's checkpoints are saved and removed. One that is superfluous before its
/// turn comes is not saved at all. One that is on the disk is removed only when what has taken its
/// place is there, so that at no moment a trial has nothing to go on from.
///
/// Pure: who owns it saves and removes. All is logarithmic in what waits. Not thread-safe.
class checkpoint_queue {
public:
  using name = std::pair<trial_number, int>; ///< A trial, and the checkpoint's number.

  /// It is to be saved. A trial's numbers ascend.
  void save(name which);

  /// It is not needed any longer. Returns whether it waited to be saved, and does not any more.
  bool skip(name which);

  /// It is to be removed from the disk, if it has not been skipped: when all that waits to be saved
  /// now has been, or the next of the same trial in its place.
  void remove(name which);

  /// Returns the one to be saved next; none if none waits.
  std::optional<name> next_to_save();

  /// That one is on the disk.
  void saved();

  /// Returns those that may be removed now, each once.
  std::vector<name> take_removable();

private:
  /// Since when something waits: a count of all that was ever to be saved. What takes the place of
  /// a skipped one waits since then.
  using moment = std::uint64_t;
  struct removal {
    name which;
    moment when;
  };

  void forget(std::map<name, moment>::iterator at);

  std::deque<name> order_; ///< What waits, and what has been skipped meanwhile.
  std::map<name, moment> waiting_;
  std::multiset<moment> since_; ///< Those of waiting_.
  std::set<name> skipped_;      ///< Whose removal is still to come.
  std::deque<removal> removals_;
  moment now_ = 0;
};

} // namespace troupe
