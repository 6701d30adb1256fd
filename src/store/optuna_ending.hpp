#pragma once

#include <troupe/metrics.hpp>
#include <troupe/results.hpp>
#include <troupe/study.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// How a trial that has ended stands in Optuna's tables.
struct optuna_ending {
  std::string_view state;               ///< "COMPLETE", "PRUNED" or "FAIL".
  std::vector<double> values{};         ///< By objective; none if it has none there.
  std::string constraints{};            ///< A JSON list; empty if there are none.
  std::vector<metrics::entry> others{}; ///< What else its last report said.
};

/// The end of a trial, as the journal tells it.
struct trial_end {
  trial_state state;
  std::string_view reason;
  reason_kind kind;
  const metrics& last;   ///< Its last report.
  bool diverged = false; ///< It was told to end because a metric was NaN.
};

/// Returns how a trial of study `s` that has ended so stands there; none if it is still to be
/// called RUNNING, as an interrupted one is. `study_end` is why the study was wound up, if it was
/// asked to end; else empty.
std::optional<optuna_ending> optuna_ending_of(const study& s, const trial_end& end,
                                              std::string_view study_end);

} // namespace troupe
