#pragma once

#include "base/options.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>

namespace troupe {

/// The searcher `nsga2`; its options are named as those of Optuna's NSGAIISampler.
extern const plugin nsga2_plugin;

/// Its options; their table says what they mean.
struct nsga2_options {
  std::uint32_t population_size;
  std::optional<double> mutation_prob;
  double crossover_prob;
  double swapping_prob;
};

/// Reads the options. Throws std::invalid_argument as option_values::of does.
nsga2_options read_nsga2_options(const boost::json::object& given);

} // namespace troupe
