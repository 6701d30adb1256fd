#include "search/searchers/gp/maximise.hpp"

#include "search/numbers/sobol.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace troupe::gp {

namespace {

constexpr std::uint32_t candidate_count = 2048;
constexpr std::size_t start_count = 10;

/// Returns the places of the largest value, first, and of `count` - 1 others, drawn without
/// replacement with odds of exp(value); fewer if the odds of others vanish.
std::vector<Eigen::Index> draw_starts(const Eigen::VectorXd& values, std::size_t count,
                                      random_stream& random) {
  Eigen::Index best = 0;
  const double most = values.maxCoeff(&best);
  // The largest of value + Gumbel noise has these odds, and so has the next among the others.
  std::vector<std::pair<double, Eigen::Index>> keys;
  for (Eigen::Index i = 0; i < values.size(); ++i) {
    const double noise = -std::log(-std::log1p(-random.uniform()));
    if (i != best && std::exp(values[i] - most) > 0) keys.emplace_back(values[i] + noise, i);
  }
  const auto others = static_cast<std::ptrdiff_t>(std::min(count - 1, keys.size()));
  std::partial_sort(keys.begin(), keys.begin() + others, keys.end(), std::greater<>{});
  std::vector<Eigen::Index> starts{best};
  for (std::ptrdiff_t i = 0; i < others; ++i)
    starts.push_back(keys[static_cast<std::size_t>(i)].second);
  return starts;
}

} // namespace

candidates::candidates(std::vector<dimension> space, std::uint64_t seed)
    : space_{std::move(space)} {
  const sobol_sequence sobol{space_.size(), seed};
  for (std::uint32_t i = 0; i < candidate_count; ++i)
    for (const double u : sobol.point(i))
      points_.push_back(static_cast<std::uint32_t>(u * 0x1p32));
}

Eigen::MatrixXd candidates::shifted(random_stream& random) const {
  const auto dim = static_cast<Eigen::Index>(space_.size());
  Eigen::MatrixXd inputs(dim, candidate_count);
  for (Eigen::Index d = 0; d < dim; ++d) {
    const auto& axis = space_[static_cast<std::size_t>(d)];
    const auto shift = static_cast<std::uint32_t>(random() >> 32);
    for (Eigen::Index i = 0; i < candidate_count; ++i) {
      const double u = (points_[static_cast<std::size_t>(i * dim + d)] ^ shift) * 0x1p-32;
      const bool continuous = std::isinf(axis.count());
      inputs(d, i) = continuous ? u : to_input(axis, axis.from_coordinate(u));
    }
  }
  return inputs;
}

Eigen::VectorXd maximise(const acquisition& a, const candidates& from,
                         const std::optional<Eigen::VectorXd>& incumbent, random_stream& random) {
  const auto inputs = from.shifted(random);
  const local_search search{a, from.space()};
  std::optional<candidate> best;
  const auto try_from = [&](const Eigen::VectorXd& x) {
    auto found = search.climb(x);
    if (!best || found.value > best->value) best = std::move(found);
  };
  const std::size_t count = incumbent ? start_count - 1 : start_count;
  for (const auto i : draw_starts(a.values(inputs), count, random))
    try_from(inputs.col(i));
  if (incumbent) try_from(*incumbent);
  return best->x;
}

} // namespace troupe::gp
