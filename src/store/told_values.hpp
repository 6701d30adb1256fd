#pragma once

#include "search/life/study_machine.hpp"

#include <troupe/metrics.hpp>
#include <troupe/study.hpp>

#include <vector>

namespace troupe {

/// What whoever trains a study's trials tells of them, as the study understands it.

/// Returns the metrics that `values` are: one per objective, then one per constraint. Throws
/// std::invalid_argument, naming them, if there are more or fewer.
metrics told_metrics(const study& s, const std::vector<double>& values);

/// Returns the attempt that trial `n` runs. Throws std::invalid_argument if it does not run.
int running_attempt(const study_machine& machine, trial_number n);

/// Throws std::invalid_argument unless `step` comes after the last report of trial `n`.
void check_step(const study_machine& machine, trial_number n, int step);

/// Returns whether nobody can be handed a trial any more, but for those that are lent out.
bool all_handed_out(const study_machine& machine);

} // namespace troupe
