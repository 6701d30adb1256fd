#include "search/tpe/dimension.hpp"

#include <algorithm>
#include <cmath>

namespace troupe::tpe {

double dimension::to_kernel(double x) const {
  return log && !categorical() ? std::log(x) : x;
}

double dimension::to_own(double t) const {
  if (categorical()) return t;
  double x = log ? std::exp(t) : t;
  if (stepped()) x = low + std::nearbyint((x - low) / step) * step;
  return std::clamp(x, low, high);
}

} // namespace troupe::tpe
