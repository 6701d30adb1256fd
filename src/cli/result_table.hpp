#pragma once

#include <troupe/metrics.hpp>
#include <troupe/results.hpp>
#include <troupe/space.hpp>

#include <optional>
#include <string>

namespace troupe {

/// Returns how many trials a study had, and a table of them: their state, the parameters that vary,
/// their last metrics in the order of their first appearance, how often they reported and how long
/// they trained. Numbers have 6 significant digits.
///
///     Number of trials: 2 (1 stopped, 1 completed)
///     +-------+-----------+-------------+---------+----------------------+------------------+
///     | trial | status    |          lr |    loss |   training_iteration |   total time (s) |
///     |-------+-----------+-------------+---------+----------------------+------------------|
///     | 00000 | stopped   |  0.00011629 | 1.87273 |                    2 |            20.5  |
std::string result_table(const study_results&, const search_space&);

/// Returns a line for each message with which trials have failed: how many, and which.
std::string failures(const study_results& r);

/// Returns all that a run says at its end: the table, the failures grouped by message, and the best
/// trial, whose numbers are exact. `test` is what the best trial reached on data that no trial has
/// seen.
///
///     Best trial config: {"l1": 8, "l2": 16, "lr": 0.0027624906698231976, "batch_size": 16}
///     Best trial final validation loss: 1.1815014744281769
///     Best trial final validation accuracy: 0.5836
///     Best trial test set accuracy: 0.5806
std::string final_report(const study_results&, const search_space&,
                         const std::optional<metrics>& test);

} // namespace troupe
