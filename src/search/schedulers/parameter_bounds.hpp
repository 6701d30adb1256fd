#pragma once

#include "base/option_problem.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <vector>

namespace troupe {

/// Where a parameter may be; both are finite, low < high.
struct parameter_bounds {
  std::string path; ///< "lr", "optimizer/momentum".
  double low, high;
};

/// Reads `{"lr": [1e-4, 0.1], "net": {"width": [8, 64]}}`. What is wrong is appended to `problems`.
std::vector<parameter_bounds> read_bounds(const boost::json::value& v,
                                          std::vector<option_problem>& problems);

} // namespace troupe
