#include "base/decimals.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace troupe {

namespace {

/// The powers of ten that doubles have exactly.
constexpr double tens[]{1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
constexpr double most = 0x1p53; ///< Doubles have all whole numbers up to this one.

/// Returns the least power of ten that makes a whole number of `x`, below `most`.
std::optional<double> scale_of(double x) noexcept {
  for (const double ten : tens) {
    const double whole = std::nearbyint(x * ten);
    if (!(std::abs(whole) < most)) return std::nullopt;
    if (whole / ten == x) return ten; // a quotient of exact numbers is the double nearest to it
  }
  return std::nullopt;
}

} // namespace

double decimal_step(double low, double count, double step) noexcept {
  const double plain = low + count * step + 0.0;
  const auto of_low = scale_of(low);
  const auto of_step = of_low ? scale_of(step) : std::nullopt;
  if (!of_step) return plain;
  const double scale = std::max(*of_low, *of_step);
  const double start = std::nearbyint(low * scale);
  const double steps = count * std::nearbyint(step * scale);
  const double sum = start + steps;
  const bool is_exact = std::abs(start) < most && std::abs(steps) < most && std::abs(sum) < most;
  return is_exact ? sum / scale + 0.0 : plain;
}

} // namespace troupe
