#pragma once

#include <troupe/config.hpp>
#include <troupe/metrics.hpp>
#include <troupe/results.hpp>
#include <troupe/study.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace troupe {

/// One iteration of a trial that nobody trains.
struct simulated_iteration {
  troupe::metrics metrics;
  double seconds = 1; ///< How long it takes, in virtual seconds; not negative.
};

/// What a trial with configuration `c` reports at `iteration`, from 1; none: it has ended by
/// itself. What it throws makes the trial fail. It must depend on nothing but what it is given: a
/// trial that goes on from another's checkpoint reports what this says of its own configuration.
using trial_model =
    std::function<std::optional<simulated_iteration>(const config& c, int iteration)>;

/// What a study has come to in virtual time.
struct simulated_study {
  /// The study's metric is better than in any report before.
  struct improvement {
    double at_s = 0;
    double value = 0;
    std::uint64_t iterations = 0; ///< Of all trials until then.
  };

  study_results results;            ///< As of a real study; times are virtual.
  double makespan_s = 0;            ///< When the last trial ended.
  double idle_share = 0;            ///< Of all workers' time until then; in [0, 1].
  std::uint64_t iterations = 0;     ///< Of all trials, with those that were repeated.
  std::uint64_t trials_stopped = 0; ///< By a rule, though they had more to train.
  std::uint64_t trials_waiting = 0; ///< For ever: nothing ran any more, and they were not started.
  std::vector<improvement> improvements; ///< In the order of time.
};

/// Runs a study in virtual time on `workers` (at least 1) workers: the same rules, scheduler and
/// searcher as in a real one, in the same order; only the training is replaced by `model`.
/// Deterministic, and fast: some hundred thousand iterations a second.
///
/// The second form takes the learning curves of a family, "crossing", "power" or "exponential", as
/// `troupe simulate --curve` does (docs/simulate.md).
///
/// Throws invalid_study as check() finds it, and std::invalid_argument for no workers or an unknown
/// family.
/// @{
simulated_study simulate(const study& s, std::uint32_t workers, const trial_model& model);
simulated_study simulate(const study& s, std::uint32_t workers, std::string_view family);
/// @}

} // namespace troupe
