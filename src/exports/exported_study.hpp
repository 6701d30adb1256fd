#pragma once

#include <troupe/open_results.hpp>

#include <boost/json/value.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace troupe {

/// A report, and when it was made.
struct exported_report {
  int iteration = 0;
  std::int64_t time_ns = 0; ///< Unix time.
  troupe::metrics metrics;
};

/// What a trial has left in the journal.
struct exported_trial {
  std::int64_t started_ns = 0, ended_ns = 0; ///< 0: it has not been started, or has not ended.
  /// In the order in which they were made; those that an attempt made anew stand once.
  std::vector<exported_report> reports;
};

/// Returns what the trials of a study have left, by number, from one reading of its journal.
std::vector<exported_trial> read_trials(const opened_results& study);

/// Returns the values of a configuration by their paths ("net/l1"); a list is one value.
std::vector<std::pair<std::string, boost::json::value>> flattened(const config& c);

/// Returns the names of all metrics that trials have reported, in the order of their first reports.
std::vector<std::string> names_of_metrics(const std::vector<exported_trial>& trials);

} // namespace troupe
