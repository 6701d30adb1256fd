#pragma once

#include "store/study_layout.hpp"

#include <troupe/results.hpp>

namespace troupe {

/// Returns what the results folder has of a study that came to `all`, the end of which could not be
/// written down: nobody is shown what nobody will find. Trials that had not ended there are
/// interrupted. Without trials if nothing of the study is there: the folder then has what it had
/// before, if it was there.
study_results kept_results(const study_results& all, const study_layout& layout);

} // namespace troupe
