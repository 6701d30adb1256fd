#pragma once

#include "views/table.hpp"

#include <troupe/results.hpp>
#include <troupe/space.hpp>

#include <vector>

namespace troupe {

/// Returns the trials of a study as a table. Columns: "id", "state", "name" if the study names its
/// trials, each parameter, each metric of the last reports, "value" (what trials are compared by,
/// where that is not in the last report), "iterations", "wall_s", "reason", "reason_kind" and
/// "checkpoint", the number of the last report's. A parameter is called by its path, and by
/// "config/" and its path; a metric by its name, and by "metrics/" and its name, which they alone
/// have where it would be another's as well.
///
/// Shown are those that tell trials apart: parameters that vary, metrics, and times.
table trial_table(const study_results& r, const search_space& space);

/// Returns the rows of these trials, in their order; trials are numbered as the rows are.
table of_trials(const table& all, const std::vector<trial_number>& which);

} // namespace troupe
