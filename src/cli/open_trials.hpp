#pragma once

#include "store/trial_holders.hpp"

#include <string>

namespace troupe {

/// Returns a line for each of the trials that are open: who has it, since when, and until when it
/// may be silent; of many only the first. `folder`: as it is to be named in commands.
std::string open_trials_text(const trial_holders& holders, const std::string& folder);

/// Returns a time of an event as people read it: "2026-03-01 17:04:05 UTC".
std::string second_text(std::int64_t time_ns);

} // namespace troupe
