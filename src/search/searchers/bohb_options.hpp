#pragma once

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>

namespace troupe {

/// Options of the searcher `bohb`, named as those of HpBandSter and of Ray's TuneBOHB.
struct bohb_options {
  /// Results that a budget needs before it has a model; default and least: 1 + the number of
  /// parameters.
  std::optional<std::uint32_t> min_points_in_model;
  std::uint32_t top_n_percent = 15; ///< So many of the results count as good; 1 to 99.
  std::uint32_t num_samples = 64;   ///< Candidates per suggestion; at least 1.
  double random_fraction = 1.0 / 3; ///< Of the suggestions: they are random draws.
  double bandwidth_factor = 3;      ///< Candidates are drawn so much wider. > 0.
  double min_bandwidth = 1e-3;      ///< > 0.
};

constexpr std::uint32_t most_top_n_percent = 99;

/// Reads the options. Throws std::invalid_argument for one that is unknown or wrong.
bohb_options read_bohb_options(const boost::json::object& given);

} // namespace troupe
