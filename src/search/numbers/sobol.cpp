#include "search/numbers/sobol.hpp"

#include <troupe/random.hpp>

#include <boost/random/sobol.hpp>

#include <array>

namespace troupe {

namespace {

/// Flips the bits of `x`, each by a random bit that `key`, its place and the bits above it name.
std::uint32_t scrambled(std::uint32_t x, std::uint64_t key) noexcept {
  const auto words =
      std::array{static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)};
  std::uint32_t flips = 0;
  for (std::uint32_t place = 0; place < 32; ++place) {
    const std::uint32_t above = place == 0 ? 0 : x >> (32 - place);
    flips |= (philox4x32({above, place, 0, 0}, words)[0] & 1) << (31 - place);
  }
  return x ^ flips;
}

} // namespace

sobol_sequence::sobol_sequence(std::size_t dim, std::optional<std::uint64_t> scramble_seed)
    : dim_{dim} {
  // Point i is the sum of the directions of the bits in i's Gray code. Boost's sequence lacks the
  // origin, so what it calls i is i + 1; 2^(k+1) - 1 has only bit k in its code.
  auto engine = boost::random::sobol_engine<std::uint32_t, bits>{dim};
  for (std::size_t k = 0; k < bits; ++k) {
    engine.seed(static_cast<std::uint32_t>((std::uint64_t{2} << k) - 2));
    for (std::size_t axis = 0; axis < dim; ++axis)
      directions_.push_back(engine());
  }
  if (!scramble_seed) return;
  for (std::size_t axis = 0; axis < dim; ++axis)
    keys_.push_back(random_stream{*scramble_seed, axis, "sobol/scramble"}());
}

std::vector<double> sobol_sequence::point(std::uint32_t index) const {
  std::vector<std::uint32_t> sum(dim_);
  const std::uint32_t code = index ^ (index >> 1);
  for (std::size_t k = 0; k < bits; ++k)
    if (code >> k & 1)
      for (std::size_t axis = 0; axis < dim_; ++axis)
        sum[axis] ^= directions_[k * dim_ + axis];
  std::vector<double> x(dim_);
  for (std::size_t axis = 0; axis < dim_; ++axis)
    x[axis] = (keys_.empty() ? sum[axis] : scrambled(sum[axis], keys_[axis])) * 0x1p-32;
  return x;
}

} // namespace troupe
