#pragma once

#include "search/life/known_trial.hpp"
#include "store/sqlite.hpp"

#include <troupe/study.hpp>

#include <cstdint>
#include <vector>

namespace troupe {

/// Returns the trials that other programs have added to study `s` in the Optuna tables of its
/// journal, and that have completed with a finite or infinite value for each of its objectives: in
/// the order in which they were added. Parameters that are not of the study's space are left out.
/// Throws sqlite::error.
std::vector<known_trial> foreign_trials(sqlite::database& db, const study& s);

/// Returns the trials of Optuna's study `study_id` that have completed likewise.
std::vector<known_trial> completed_optuna_trials(sqlite::database& db, std::int64_t study_id,
                                                 const study& s);

} // namespace troupe
