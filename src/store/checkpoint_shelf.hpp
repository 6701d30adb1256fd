#pragma once

#include "store/study_layout.hpp"

#include <troupe/checkpoint.hpp>
#include <troupe/events.hpp>

#include <unordered_set>

namespace troupe {

/// The checkpoints of a study's trials, in their folders. Members throw std::runtime_error naming
/// the file that cannot be written or removed. One thread at a time.
class checkpoint_shelf {
public:
  explicit checkpoint_shelf(study_layout layout);

  /// Saves the checkpoint `c` that the event `e` brings; it survives a power cut when
  /// this returns (write_checkpoint), and so do the folders that it is in. Its metadata say of
  /// which trial and report it is. Throws std::logic_error if `e` brings none.
  void save(const event& e, const checkpoint& c);

  /// See remove_checkpoint.
  void remove(trial_number number, int checkpoint);

private:
  void prepare_folder(trial_number number);

  study_layout layout_;
  std::unordered_set<trial_number> prepared_; ///< Their folders are durable, without leftovers.
};

} // namespace troupe
