#pragma once

#include "base/options.hpp"
#include "search/searchers/tpe/rules.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>

namespace troupe {

/// The searcher `tpe`; its options are named as the arguments of Optuna's TPESampler, and have the
/// defaults of Optuna 5.
extern const plugin tpe_plugin;

/// Its options; their table says what they mean.
struct tpe_options {
  std::uint32_t n_startup_trials = 10;
  std::uint32_t n_ei_candidates = 24;
  std::optional<bool> multivariate; ///< Default: with one objective.
  bool group = false;
  bool constant_liar = true;
  tpe::kernel_rules kernels; ///< prior_weight, consider_magic_clip, consider_endpoints, bandwidths.
};

/// Reads the options. Throws std::invalid_argument as option_values::of does.
tpe_options read_tpe_options(const boost::json::object& given);

} // namespace troupe
