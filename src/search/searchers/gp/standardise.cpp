#include "search/searchers/gp/standardise.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace troupe::gp {

standardised standardise(Eigen::VectorXd values) {
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const double v : values)
    if (std::isfinite(v)) {
      low = std::min(low, v);
      high = std::max(high, v);
    }
  if (low > high) low = high = 0;
  for (double& v : values)
    v = std::isnan(v) ? low : std::clamp(v, low, high);
  const double mean = values.mean();
  values.array() -= mean;
  const double deviation =
      std::max(std::sqrt(values.squaredNorm() / static_cast<double>(values.size())), 1e-10);
  return {values / deviation, mean, deviation};
}

} // namespace troupe::gp
