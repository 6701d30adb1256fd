#pragma once

#include <troupe/results.hpp>

#include <optional>

namespace troupe {

/// Returns what a trial is compared by: its score, or the study's metric in the report that counts.
inline std::optional<double> compared_value(const study_results& r, const trial_summary& t) {
  if (t.score) return t.score;
  const double* x = compared_metrics(t).find(r.metric);
  return x ? std::optional{*x} : std::nullopt;
}

} // namespace troupe
