#pragma once

#include "search/searchers/tpe/rules.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>

namespace troupe {

/// The options of the TPE searcher, named as the arguments of Optuna's TPESampler. The defaults are
/// Optuna 5's.
struct tpe_options {
  std::uint32_t n_startup_trials = 10; ///< Until so many have ended, suggestions are random.
  std::uint32_t n_ei_candidates = 24;
  /// Parameters that all trials have are drawn jointly; default: with one objective.
  std::optional<bool> multivariate;
  bool group = false;        ///< Multivariate: also the others, in groups that occur together.
  bool constant_liar = true; ///< Trials that still run count among the worse ones.
  tpe::kernel_rules kernels; ///< prior_weight, consider_magic_clip, consider_endpoints, bandwidths.
};

/// Reads the options of a study. Throws std::invalid_argument for an unknown one or a wrong value.
tpe_options read_tpe_options(const boost::json::object& given);

} // namespace troupe
