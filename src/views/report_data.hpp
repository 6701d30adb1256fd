#pragma once

#include <troupe/open_results.hpp>

#include <boost/json/object.hpp>

#include <string>

namespace troupe {

/// Returns what the page of a report draws:
///
///     {"name", "metric", "mode", "objectives": [name], "state", "reason", "wall_s", "best",
///      "pareto": [trial], "command", "study": {…}, "importance": [[parameter, share]],
///      "parameters": [{"name", "log"}], "metrics": [name], "reasons": [text], "states": [name],
///      "trials": {"state": [place], "reason": [place or -1], "value": […], "iterations": […],
///                 "wall_s": […], "ended_s": […], "name": […], "parameters": [[…] for each],
///                 "metrics": [[…] for each]},
///      "curves": [{"trial", "x": [iteration], "y": [value]}], "curves_left_out": N,
///      "spans": [[trial, slot, begin_s, end_s]]}
///
/// Trials are numbered by their places; times count from the study's first event. What is not there
/// is null; a trial that cannot be the best has no value. Values and metrics that are not finite
/// are "nan", "inf" and "-inf"; in curves they are null. Of very many curves and spans only some
/// are there.
boost::json::object report_data(const opened_results& study, const std::string& state);

} // namespace troupe
