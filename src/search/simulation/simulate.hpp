#pragma once

#include "search/schedulers/correctable_scheduler.hpp"
#include "search/simulation/learning_curve.hpp"

#include <troupe/results.hpp>
#include <troupe/searcher.hpp>
#include <troupe/study.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace troupe {

/// A study for virtual time.
struct simulation_setup {
  /// Its `num_samples`, `resources`, `cpus` and `gpus` do not matter.
  troupe::study study;
  std::uint64_t trials = 1;  ///< In all; fewer if the searcher is exhausted before.
  std::uint32_t workers = 1; ///< Trials at once, if the study's max_concurrent allows.
};

/// What a study has come to in virtual time.
struct simulation {
  /// The study's metric is better than in any report before.
  struct improvement {
    std::int64_t at_ns = 0;
    double value = 0;
    std::uint64_t iterations = 0; ///< Of all trials until then.
  };

  study_results results;        ///< As of a real study; times are virtual.
  std::int64_t makespan_ns = 0; ///< When the last trial ended.
  double idle_share = 0;        ///< Of all workers' time until then; from 0 to 1.
  std::uint64_t iterations = 0; ///< Of all trials, with those that were repeated.
  std::uint64_t trials_stopped =
      0;                          ///< Ended by a rule (NaN is one), though they had more to train.
  std::size_t trials_waiting = 0; ///< For ever: pending or paused when nothing ran any more.
  std::vector<improvement> improvements;
};

/// Runs a study in virtual time: the same rules, scheduler and searcher as in a real study, driven
/// in the same order, where only the training is replaced by `curve`. Suggestions and decisions
/// take no time, a trial that is told to stop or pause has done so at once, every report comes with
/// a checkpoint, and what happens at the same time happens in the order in which it began.
/// Deterministic.
///
/// Memory grows with the number of trials, not of reports, but for what a scheduler remembers.
simulation simulate(const simulation_setup& setup, correctable_scheduler& decides,
                    searcher& suggests, const learning_curve& curve);

} // namespace troupe
