#pragma once

#include <troupe/study.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace troupe {

/// Returns where Optuna's tables in the journal `file` do not say what its events say, as far as
/// they have followed them, a line each: "trial 00003: its parameters". What is there beyond that
/// is other programs' and no fault. Empty if all is well, or if there are no such tables: the next
/// writer makes them. Changes nothing; takes as much memory as the view. Throws journal_error and
/// sqlite::error.
std::vector<std::string> optuna_view_faults(const std::filesystem::path& file, const study& s);

} // namespace troupe
