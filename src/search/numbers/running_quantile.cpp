#include "search/numbers/running_quantile.hpp"

#include <cmath>
#include <limits>

namespace troupe {

void running_quantile::record(double x) {
  if (!std::isnan(x)) values_.insert(x, static_cast<std::size_t>(position(size() + 1)) + 1);
}

double running_quantile::value() const {
  if (size() == 0) return std::numeric_limits<double>::quiet_NaN();
  const double at = position(size());
  const double g = at - std::floor(at);
  const double a = values_.below();
  const double b = values_.above();
  const double d = b - a;
  return g < 0.5 ? a + d * g : b - d * (1 - g);
}

} // namespace troupe
