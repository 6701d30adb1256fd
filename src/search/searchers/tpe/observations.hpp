#pragma once

#include "search/space/dimension.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace troupe::tpe {

/// A trial's row in a table of observations: in the order in which trials began.
using row_number = std::uint32_t;

/// The values that trials were tried with: a column per parameter, in the kernel scale, a row per
/// trial; NaN where a trial has no such parameter.
struct observations {
  std::vector<dimension> dimensions;
  std::vector<std::vector<double>> columns;

  explicit observations(std::vector<dimension> d)
      : dimensions{std::move(d)},
        columns(dimensions.size()) {}

  /// Returns whether trial `r` has all of these parameters.
  bool has_all(row_number r, const std::vector<std::size_t>& parameters) const;

  /// Sets a row, which may lie beyond the last one, from values in the own scale.
  void set(row_number r, const std::vector<double>& values);
};

} // namespace troupe::tpe
