#pragma once

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>

namespace troupe {

/// Options of the searcher `nsga2`, named as those of Optuna's NSGAIISampler.
struct nsga2_options {
  std::uint32_t population_size = 50;  ///< Trials per generation; at least 2.
  std::optional<double> mutation_prob; ///< Per parameter; default: 1 / their number.
  double crossover_prob = 0.9;         ///< Else a child is a copy of one parent.
  double swapping_prob = 0.5;          ///< Per parameter: it is the second parent's.
};

/// Reads the options. Throws std::invalid_argument for one that is unknown or wrong.
nsga2_options read_nsga2_options(const boost::json::object& given);

} // namespace troupe
