#pragma once

#include "store/journal.hpp"
#include "store/study_layout.hpp"

namespace troupe {

/// Follows a study that another process may run, until it has come to its end.
class study_end {
public:
  /// Throws folder_error if there is no study.
  explicit study_end(const study_layout& layout);

  /// Returns whether the study has ended, or nobody runs it any more that somebody ran.
  bool has_come();

  /// Returns whether somebody has asked it to end, by a signal or otherwise.
  bool was_interrupted() const noexcept { return interrupted_; }
  bool has_ended() const noexcept { return ended_; }

private:
  study_layout layout_;
  bool is_asked_; ///< Nobody runs it, and it may go on all the same.
  journal_reader reader_;
  bool ended_ = false, interrupted_ = false;
};

} // namespace troupe
