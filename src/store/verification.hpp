#pragma once

#include "store/study_layout.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace troupe {

/// What came of putting a journal through its study's searcher and scheduler once more.
struct verification {
  std::uint64_t decisions = 0;    ///< Suggestions, verdicts and exploits that were compared.
  std::uint64_t differences = 0;  ///< So many of them are others now.
  std::vector<std::string> first; ///< What differs, the first ten: "event 7: trial 00003: …".
};

/// Puts the journal in a study's folder through its searcher and its scheduler, and compares what
/// they say with what was recorded. It changes nothing, takes no lock, and may be done anywhere,
/// also while the study runs. Which waiting trial was started is not compared: that depends on
/// when a slot was free; the journal sets it right.
///
/// Throws folder_error if there is no study or it is damaged, and journal_error, naming the event,
/// if its journal cannot be followed.
verification verify(const study_layout& layout);

} // namespace troupe
