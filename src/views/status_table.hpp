#pragma once

#include "views/table.hpp"

#include <troupe/open_results.hpp>

#include <string>
#include <string_view>

namespace troupe {

/// Whether somebody works on a study, as its folder's lock says.
struct study_holder {
  bool is_held = false;
  bool is_asked = false; ///< Nobody runs it: trials are trained by those that ask for them.
  std::string who; ///< "process 12 (troupe run) on host a since …"; empty if it is not held.
};

/// Returns "running", "paused" (by somebody; trials may still be on their way out), "ended",
/// "interrupted", "asked" (its trials are trained by those that ask for them), or "not running":
/// whoever ran it has died.
std::string_view study_state_of(const opened_results& study, const study_holder& holder);

/// Returns how far a study is, as a table of one row. Columns: "name", "folder", "state"
/// (see study_state_of), "held_by", "trials" (how many it may come to have), "done" (how many
/// of them will not run again), one for the number of trials in each state, "best", the metric,
/// "wall_s", and "reason", why it ended before its time.
table status_table(const opened_results& study, const std::string& folder,
                   const study_holder& holder);

} // namespace troupe
