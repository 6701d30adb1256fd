#include "search/schedulers/resource_shares.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace troupe {

namespace {

using grains = std::int64_t; ///< 1/10000 of a CPU, a GPU.

grains to_grains(double amount) {
  return std::llround(amount * 1e4);
}

/// Rounded down, also below 0.
grains divide(grains a, grains b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

} // namespace

std::uint32_t resource_shares::fair_units(std::size_t live, std::uint32_t own,
                                          std::uint64_t given) const {
  const auto trials = static_cast<grains>(live);
  auto all = std::numeric_limits<grains>::max();
  const auto limit = [&](double whole, double least, double step) {
    if (to_grains(step) > 0)
      all = std::min(all, divide(to_grains(whole) - trials * to_grains(least), to_grains(step)));
  };
  limit(total.cpu, base.cpu, unit.cpu);
  limit(total.gpu, base.gpu, unit.gpu);
  auto most = std::max<grains>(0, divide(all + trials - 1, trials));
  if (most_units) most = std::min<grains>(most, *most_units);
  const auto wanted = own + all - static_cast<grains>(given);
  return static_cast<std::uint32_t>(std::clamp<grains>(wanted, 0, most));
}

resources resource_shares::amount(std::uint32_t units) const {
  const auto add = [units](double least, double step) {
    return static_cast<double>(to_grains(least) + units * to_grains(step)) / 1e4;
  };
  return {add(base.cpu, unit.cpu), add(base.gpu, unit.gpu), base.memory_gb, base.custom};
}

} // namespace troupe
