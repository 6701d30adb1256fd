#pragma once

#include <troupe/config.hpp>

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// Options of the searcher `cmaes`, named as those of Optuna's CmaEsSampler.
struct cmaes_options {
  struct source_trial {
    config params;
    double value; ///< What the study's metric was.
  };

  /// The initial step size, where every parameter's range has the length 1; default: 1/6.
  std::optional<double> sigma0;
  /// Suggestions are random draws until so many trials have ended with a value.
  std::uint32_t n_startup_trials = 1;
  /// Points per generation; default: 4 + floor(3 ln d) for d numeric parameters.
  std::optional<std::uint32_t> popsize;
  bool use_separable_cma = false; ///< A diagonal covariance: for many parameters.
  bool with_margin = false;       ///< Do not get stuck at one value of an integer.
  bool lr_adapt = false;          ///< Adapt the learning rates: for noisy or rugged metrics.
  /// Trials of a similar study, best of which the search starts from.
  std::vector<source_trial> source_trials;
};

constexpr std::uint32_t least_popsize = 2;
constexpr std::uint32_t most_popsize = 1'000'000;

/// Reads the options. Throws std::invalid_argument for one that is unknown or wrong, and for two
/// that exclude each other.
cmaes_options read_cmaes_options(const boost::json::object& given);

/// Says which options exclude each other, or returns an empty string.
std::string conflict(const cmaes_options& options);

} // namespace troupe
