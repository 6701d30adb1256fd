#pragma once

#include "search/life/decision_check.hpp"
#include "store/study_layout.hpp"

namespace troupe {

/// Puts the journal in a study's folder through its searcher and its scheduler, and compares what
/// they say with what was recorded. It changes nothing, takes no lock, and may be done anywhere,
/// also while the study runs.
///
/// Throws folder_error if there is no study or it is damaged, and journal_error, naming the event,
/// if its journal cannot be followed.
verification verify(const study_layout& layout);

} // namespace troupe
