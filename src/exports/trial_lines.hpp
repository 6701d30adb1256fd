#pragma once

#include <troupe/open_results.hpp>

#include <string>

namespace troupe {

/// Returns a study as JSON Lines, one trial each with all of its reports:
///
///     {"id": "00003", "state": "completed", "reason": null, "reason_kind": null, "config": {…},
///      "started": "2026-03-01T12:00:00.000000124Z", "ended": null,
///      "reports": [{"iteration": 1, "time": "…", "metrics": {"loss": 0.5}}]}
std::string trial_lines(const opened_results& study);

} // namespace troupe
