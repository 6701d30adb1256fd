#pragma once

#include "store/sqlite.hpp"

#include <troupe/study.hpp>

#include <cstdint>

namespace troupe {

/// Creates what is missing of Optuna's thirteen tables, revision v3.2.0.a, as Optuna 3.2 to 5 make
/// and open them; and a fourteenth, optuna_trials(trial, trial_id), which Optuna does not look at:
/// it says which of its trials is which of the study's. In the caller's transaction. Throws
/// folder_error if there are such tables of another revision.
void create_optuna_tables(sqlite::database& db);

/// Adds study `s`, without trials, and returns its study_id. It bears the study's name, with a
/// number behind if that is taken. In the caller's transaction.
std::int64_t add_optuna_study(sqlite::database& db, const study& s);

} // namespace troupe
