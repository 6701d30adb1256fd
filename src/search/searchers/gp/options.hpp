#pragma once

#include "base/options.hpp"

#include <boost/json/object.hpp>

#include <cstdint>

namespace troupe {

/// The searcher `gp`; its options are named as the arguments of Optuna's GPSampler, and have their
/// defaults.
extern const plugin gp_plugin;

/// Its options; their table says what they mean.
struct gp_options {
  std::uint32_t n_startup_trials = 10;
  bool deterministic_objective = false;
};

/// Reads the options. Throws std::invalid_argument as option_values::of does.
gp_options read_gp_options(const boost::json::object& given);

} // namespace troupe
