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

/// Returns the brackets of a study whose scheduler has rungs; nothing for others, whose judgement
/// has no fixed times. Throws std::invalid_argument as the scheduler does.
std::vector<planned_bracket> planned_brackets(const study& s);

/// The same for studies with the scheduler of this name.
/// @{
std::vector<planned_bracket> asha_brackets(const study& s);
std::vector<planned_bracket> moasha_brackets(const study& s);
std::vector<planned_bracket> hyperband_brackets(const study& s);
std::vector<planned_bracket> bohb_brackets(const study& s);
/// @}

} // namespace troupe
