#pragma once

#include <troupe/searcher.hpp>

#include <cstddef>
#include <limits>
#include <vector>

namespace troupe {

/// Returns value `i` of an outcome, or of its constraints: NaN if it has fewer. Trials of former
/// studies that were stopped early may have a value for the first objective alone, or none.
inline double value_at(const std::vector<double>& values, std::size_t i) noexcept {
  return i < values.size() ? values[i] : std::numeric_limits<double>::quiet_NaN();
}

/// Returns its value in the first objective.
inline double first_value(const outcome& o) noexcept {
  return value_at(o.values, 0);
}

} // namespace troupe
