#pragma once

#include <troupe/study.hpp>

#include <optional>
#include <vector>

namespace troupe {

/// What is known beforehand of trials that are judged together.
struct planned_bracket {
  std::optional<double> trials; ///< How many there are, if the scheduler says so.
  std::vector<double> rungs;    ///< When they are judged, in the scheduler's unit of time.
};

/// Returns the brackets of the schedulers that have rungs: `asha`, `moasha`, `hyperband` and
/// `bohb`; nothing for others, whose judgement has no fixed times. Throws std::invalid_argument as
/// the scheduler does.
std::vector<planned_bracket> planned_brackets(const study& s);

} // namespace troupe
