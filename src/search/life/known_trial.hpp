#pragma once

#include <troupe/metrics.hpp>

#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace troupe {

/// What a trial came to that somebody else has trained.
struct known_trial {
  std::string by;                                                     ///< Who says so.
  std::vector<std::pair<std::string, boost::json::value>> parameters; ///< By path.
  troupe::metrics metrics;                                            ///< The study's, at least.
  std::optional<std::int64_t> optuna_trial{}; ///< See event_kind::trial_added.
};

} // namespace troupe
