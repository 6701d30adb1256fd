#pragma once

#include "search/life/known_trial.hpp"

#include <troupe/study.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// Returns the trials of a study in a file of Optuna's storage (SQLite, of Optuna 3.2 or later)
/// that have completed with a value for each objective of `s`: by position, for Optuna does not
/// name them. Parameters that are not of the space of `s` are left out. `name`: which study, where
/// there are several. The file is only read. Throws folder_error if it is none of Optuna's, or has
/// no such study, or several and none is named; std::invalid_argument if that one's directions are
/// not the modes of `s`.
std::vector<known_trial> past_of_optuna(const std::filesystem::path& file,
                                        const std::optional<std::string>& name, const study& s);

} // namespace troupe
