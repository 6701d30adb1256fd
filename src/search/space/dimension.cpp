#include "search/space/dimension.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace troupe {

double dimension::to_kernel(double x) const {
  return log && !categorical() ? std::log(x) : x;
}

double dimension::to_own(double t) const {
  if (categorical()) return t;
  double x = log ? std::exp(t) : t;
  if (stepped()) x = low + std::nearbyint((x - low) / step) * step;
  return std::clamp(x, low, high);
}

double dimension::count() const noexcept {
  if (categorical()) return static_cast<double>(choices);
  return stepped() ? std::nearbyint((high - low) / step) + 1
                   : std::numeric_limits<double>::infinity();
}

double dimension::to_coordinate(double x) const {
  if (categorical()) return (x + 0.5) / static_cast<double>(choices);
  return (to_kernel(x) - lower()) / (upper() - lower());
}

double dimension::from_coordinate(double u) const {
  if (categorical() || (stepped() && !log)) {
    const double part = std::clamp(std::floor(u * count()), 0.0, count() - 1);
    return categorical() ? part : std::min(low + part * step, high);
  }
  return to_own(lower() + (upper() - lower()) * u);
}

} // namespace troupe
