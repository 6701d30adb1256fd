#include "search/searchers/tpe/observations.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace troupe::tpe {

bool observations::has_all(row_number r, const std::vector<std::size_t>& parameters) const {
  return std::all_of(parameters.begin(), parameters.end(), [&](std::size_t p) {
    return r < columns[p].size() && !std::isnan(columns[p][r]);
  });
}

void observations::set(row_number r, const std::vector<double>& values) {
  for (std::size_t p = 0; p < columns.size(); ++p) {
    auto& column = columns[p];
    if (column.capacity() <= r) column.reserve(r + 1 + r / 4); // most of what a trial takes is here
    if (column.size() <= r) column.resize(r + 1, std::numeric_limits<double>::quiet_NaN());
    column[r] = dimensions[p].to_kernel(values[p]);
  }
}

} // namespace troupe::tpe
