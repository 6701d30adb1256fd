#pragma once

#include "store/study_layout.hpp"
#include "views/table.hpp"

#include <troupe/events.hpp>
#include <troupe/open_results.hpp>
#include <troupe/results.hpp>

#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace troupe {

/// All that is known of one trial.
struct trial_record {
  struct saved_checkpoint {
    int number = 0;
    int iteration = 0;  ///< Of the report that it came with.
    std::string folder; ///< Which is there.
  };

  trial_summary summary;
  std::string name; ///< Empty if the study does not name its trials.
  std::string metric;
  std::vector<trial_report_line> reports; ///< As opened_results::reports.
  std::vector<event> events;              ///< All others that are about it.
  std::vector<saved_checkpoint> checkpoints;
  std::vector<std::string> log; ///< The last lines of its log.txt and error.txt.
};

/// Throws std::out_of_range if there is no such trial.
trial_record read_trial(const opened_results& study, const study_layout& layout, trial_number n);

/// Returns its reports: "iteration", "total_s", each metric, "checkpoint".
table report_table(const trial_record& t);

/// Returns {"id", "name", "state", "reason", "reason_kind", "config", "iterations", "metrics",
/// "wall_s", "reports", "events", "checkpoints", "log"}.
boost::json::object to_json(const trial_record& t);

/// Returns it for a person, with its curve drawn in so many columns.
std::string to_text(const trial_record& t, int columns);

} // namespace troupe
