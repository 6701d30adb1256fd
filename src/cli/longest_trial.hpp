#pragma once

#include <troupe/study.hpp>

#include <optional>

namespace troupe {

/// Returns after how many iterations a trial ends at the latest, by the study's rules or its
/// scheduler's; none if neither says.
std::optional<double> longest_trial(const study& s);

} // namespace troupe
