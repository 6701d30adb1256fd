#pragma once

#include "base/options.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>

namespace troupe {

/// The searcher `bohb`; its options are named as those of HpBandSter and of Ray's TuneBOHB.
extern const plugin bohb_searcher_plugin;

/// Its options; their table says what they mean.
struct bohb_options {
  std::optional<std::uint32_t> min_points_in_model; ///< Less than 1 + the parameters is that.
  std::uint32_t top_n_percent;
  std::uint32_t num_samples;
  double random_fraction;
  double bandwidth_factor;
  double min_bandwidth;
};

/// Reads the options. Throws std::invalid_argument as option_values::of does.
bohb_options read_bohb_options(const boost::json::object& given);

} // namespace troupe
