#pragma once

#include "store/study_layout.hpp"

#include <troupe/metrics.hpp>
#include <troupe/results.hpp>

#include <boost/json/object.hpp>

#include <optional>
#include <string>

namespace troupe {

/// Returns what a study came to as the object of `troupe run --json` and of summary.json
/// (docs/formats.md):
///
///     {"name", "trials": [{"id", "state", "reason", "config", "iterations", "metrics", "wall_s"}],
///      "best": {"id", "config", "metrics", "checkpoint"} | null, "test": {"accuracy"} | null,
///      "wall_s"}
///
/// `test` is what the best trial reached on data that no trial has seen. `checkpoint` is the folder
/// of the best trial's last checkpoint, as the reader is to find it; null if it has none. Metrics
/// that are not finite become "nan", "inf", "-inf".
boost::json::object to_json(const study_results&, const std::optional<metrics>& test = std::nullopt,
                            const std::optional<std::string>& checkpoint = std::nullopt);

/// Returns what summary.json has: the object without a test, and with the best trial's checkpoint
/// relative to the results folder.
std::string summary_text(const study_results& r);

/// Writes summary.json, unless it says so already. Throws as write_atomically does.
void write_summary(const study_layout& layout, const study_results& r);

} // namespace troupe
