#pragma once

#include <boost/json/object.hpp>

#include <cstdint>

namespace troupe {

/// The options of the searcher `gp`, named as the arguments of Optuna's GPSampler. The defaults are
/// Optuna's.
struct gp_options {
  std::uint32_t n_startup_trials = 10;  ///< Until so many have ended, suggestions are random.
  bool deterministic_objective = false; ///< Results have no noise: the same trial has the same.
};

/// Reads the options of a study. Throws std::invalid_argument for an unknown one or a wrong value.
gp_options read_gp_options(const boost::json::object& given);

} // namespace troupe
