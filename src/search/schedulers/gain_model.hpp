#pragma once

#include <troupe/random.hpp>
#include <troupe/searcher.hpp>

#include <vector>

namespace troupe {

/// What a trial has gained over some time, with what settings.
struct gain_record {
  trial_number trial = 0;
  double time = 0;              ///< When that time began,
  double reward = 0;            ///< and the reward then; larger is better.
  std::vector<double> settings; ///< Each as a share of its bounds, 0 to 1; as many in all records.
  double gain = 0;              ///< Of reward per unit of time.
};

/// Returns the settings, 0 to 1 each, with which a trial that has `reward` at `time` should go on:
/// Parker-Holder et al., "Provably Efficient Online Hyperparameter Optimization with
/// Population-Based Bandits" (PB2), arXiv:2002.02518, as Ray Tune has it.
///
/// Gains are a Gaussian process over time, reward and settings, whose covariance is
/// v exp(-|x - x'|^2 / l) (1 - e)^(|t - t'| / 2), where time and reward are from 0 to 1, and gains
/// have mean 0 and variance 1 and are cut off at 2; v, l, e and the noise have the most likely
/// values. Of the settings those are best that have the largest mean + sqrt(b) * variance with
/// b = 0.2 + max(0, ln(0.4 n)) for n records, by L-BFGS from 10 random starts. The variance takes
/// `others` into account, the settings that trials have just been given, whose gains are awaited.
///
/// There must be at least one record. It takes O(n^3); `data` has at most some hundreds.
std::vector<double> most_promising(const std::vector<gain_record>& data, double time, double reward,
                                   const std::vector<std::vector<double>>& others,
                                   random_stream& random);

} // namespace troupe
