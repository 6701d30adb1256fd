#pragma once

#include <troupe/metrics.hpp>
#include <troupe/results.hpp>
#include <troupe/searcher.hpp>
#include <troupe/study.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// How a study judges reports, by its objectives and constraints.

/// Returns the name of the first objective or constraint that `m` lacks; empty if it has all.
std::string missing_metric(const study& s, const metrics& m);

/// Returns the name of the first objective that is NaN in `m`; empty if none is.
std::string diverged_metric(const study& s, const metrics& m);

/// Returns whether `m` meets all constraints.
bool is_feasible(const study& s, const metrics& m);

/// Returns the metric `name` of `m`; NaN if it has none such.
double value_in(const metrics& m, std::string_view name);

/// Returns what searchers learn of `m`. What it lacks is NaN.
outcome outcome_of(const study& s, const metrics& m);

/// Returns the value of a metric that every report has without the trial's doing; none if `name` is
/// not one of those.
std::optional<double> automatic_metric(std::string_view name, int iteration, double total_s);

/// Returns whether a trial in this state never goes on, whatever a study is told when it goes on.
bool is_settled(trial_state s) noexcept;

/// Returns those of `trials` that may be the best, by the study's scope: best first, of equals the
/// lower number, and by the first objective before the others.
std::vector<trial_number> ranked(const study& s, std::span<const trial_summary> trials);

/// Sets `all.best` and `all.pareto_front` from what `all.trials` are compared by.
void judge(const study& s, study_results& all);

} // namespace troupe
