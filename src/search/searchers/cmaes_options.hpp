#pragma once

#include "base/options.hpp"

#include <troupe/config.hpp>

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace troupe {

/// The searcher `cmaes`; its options are named as those of Optuna's CmaEsSampler.
extern const plugin cmaes_plugin;

/// Its options; their table says what they mean.
struct cmaes_options {
  struct source_trial {
    config params;
    double value; ///< What the study's metric was.
  };

  std::optional<double> sigma0;
  std::uint32_t n_startup_trials;
  std::optional<std::uint32_t> popsize;
  bool use_separable_cma;
  bool with_margin;
  bool lr_adapt;
  std::vector<source_trial> source_trials;
};

/// Reads the options. Throws std::invalid_argument as option_values::of does, for one that is
/// unknown or wrong, and for two that exclude each other.
cmaes_options read_cmaes_options(const boost::json::object& given);

} // namespace troupe
