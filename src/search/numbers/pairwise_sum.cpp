#include "search/numbers/pairwise_sum.hpp"

#include <array>
#include <cstddef>

namespace troupe {

double pairwise_sum(std::span<const double> values) noexcept {
  constexpr std::size_t lanes = 8, block = 128;
  const std::size_t n = values.size();
  if (n > block) {
    const std::size_t half = n / 2 - n / 2 % lanes;
    return pairwise_sum(values.first(half)) + pairwise_sum(values.subspan(half));
  }
  double sum = 0;
  std::size_t next = 0;
  if (n >= lanes) {
    std::array<double, lanes> r;
    for (; next < lanes; ++next)
      r[next] = values[next];
    for (; next + lanes <= n; next += lanes)
      for (std::size_t lane = 0; lane < lanes; ++lane)
        r[lane] += values[next + lane];
    sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
  }
  for (; next < n; ++next)
    sum += values[next];
  return sum;
}

} // namespace troupe
