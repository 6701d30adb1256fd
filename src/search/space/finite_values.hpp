#pragma once

#include <troupe/domain.hpp>

#include <cstdint>
#include <functional>
#include <optional>

namespace troupe {

/// The values that a parameter can have, where that are finitely many: in ascending order, or as
/// they are listed. Of equal values of a list only the first is there.
struct finite_values {
  std::uint64_t count; ///< The largest uint64 if there are more than that holds.
  std::function<boost::json::value(std::uint64_t)> at; ///< From 0 to count - 1.
};

/// Returns the values of a domain; none if they are infinitely many, or not known beforehand. What
/// is inside the values of a grid_search is enumerated with it. The values do not need the domain
/// any more.
std::optional<finite_values> finite_values_of(const domain& d);

} // namespace troupe
