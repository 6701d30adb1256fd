#pragma once

#include <troupe/results.hpp>

#include <string>

namespace troupe {

/// Returns the trial that is called so: by its number, with or without zeros before it, or by its
/// name. Throws std::invalid_argument if there is none.
trial_number find_trial(const study_results& r, const std::string& called);

} // namespace troupe
