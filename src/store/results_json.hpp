#pragma once

#include "store/study_layout.hpp"

#include <troupe/metrics.hpp>
#include <troupe/results.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

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
/// of the checkpoint by which it is the best, as the reader is to find it; null if there is none.
/// With another scope than "last" trials have a "score" as well, and the study its "scope". Metrics
/// that are not finite become "nan", "inf", "-inf".
boost::json::object to_json(const study_results&, const std::optional<metrics>& test = std::nullopt,
                            const std::optional<std::string>& checkpoint = std::nullopt);

/// Returns what summary.json has: the object, with the best trial's checkpoint relative to the
/// results folder.
std::string summary_text(const study_results& r, const boost::json::value& test = nullptr);

/// Writes summary.json, unless it says so already. Throws as write_atomically does.
void write_summary(const study_layout& layout, const study_results& r,
                   const boost::json::value& test = nullptr);

/// Writes the test into summary.json if that says what `r` says. Another's, who has taken the
/// folder meanwhile, stays as it is. Throws the same.
void add_test(const study_layout& layout, const study_results& r, const boost::json::value& test);

/// Returns the test that summary.json has, which is nowhere else, as no event tells it. Null if it
/// has none or is damaged, or if its best trial is another than that of `r`.
boost::json::value tested_before(const study_layout& layout, const study_results& r);

} // namespace troupe
