#pragma once

#include "store/study_layout.hpp"
#include "views/table.hpp"

#include <troupe/results.hpp>

namespace troupe {

/// Returns the best trial, or with several objectives those that no other dominates; no rows if
/// there is none. Columns: "id", "name" if the study names its trials, the metric, "iteration" of
/// the report by which it is the best, where that is not the last, "config", "metrics", and
/// "checkpoint", the folder of the checkpoint of that report, if there is one.
table best_table(const study_results& r, const study_layout& layout);

} // namespace troupe
