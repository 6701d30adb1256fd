#pragma once

#include "search/searchers/gp/regression.hpp"

#include <limits>

namespace troupe::gp {

/// A threshold that nothing has to pass.
constexpr double no_threshold = -std::numeric_limits<double>::infinity();

/// A process, and the value that counts: for an objective, the best so far; for a constraint, the
/// least that is feasible.
struct goal {
  regression process;
  double threshold;
};

} // namespace troupe::gp
