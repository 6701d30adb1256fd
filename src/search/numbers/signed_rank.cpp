#include "search/numbers/signed_rank.hpp"

#include <boost/math/distributions/normal.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

namespace troupe {

namespace {

constexpr std::size_t most_exact = 50;           ///< Differences, all different and none 0.
constexpr std::size_t most_exact_with_ties = 13; ///< Or not.

/// The ranks of the differences, doubled, so that those that ties share are integers too.
struct signed_ranks {
  std::vector<std::size_t> moving; ///< Of those that are not 0.
  std::size_t positive = 0;        ///< The sum of the positive ones.
  std::size_t zeros = 0;           ///< The sum of those of zeros.
  double ties = 0;                 ///< The sum of t^3 - t over groups of t equal ones.
};

signed_ranks rank(std::span<const double> differences) {
  std::vector<double> sorted(differences.begin(), differences.end());
  std::sort(sorted.begin(), sorted.end(),
            [](double a, double b) { return std::abs(a) < std::abs(b); });
  signed_ranks all;
  for (std::size_t first = 0, end = 0; first < sorted.size(); first = end) {
    while (end < sorted.size() && std::abs(sorted[end]) == std::abs(sorted[first]))
      ++end;
    const auto t = static_cast<double>(end - first);
    all.ties += t * t * t - t;
    const auto doubled = first + 1 + end;
    for (auto i = first; i < end; ++i) {
      if (sorted[i] > 0) all.positive += doubled;
      if (sorted[i] == 0)
        all.zeros += doubled;
      else
        all.moving.push_back(doubled);
    }
  }
  return all;
}

/// Returns the share of all ways to choose some of `ranks` whose sum is at least (or at most)
/// `observed`. Exact up to 53 ranks: sums of dyadic fractions.
double share_of_subsets(const std::vector<std::size_t>& ranks, std::size_t observed,
                        tail alternative) {
  std::vector<double> shares{1};
  for (const auto r : ranks) {
    shares.resize(shares.size() + r);
    for (auto sum = shares.size(); sum-- > 0;)
      shares[sum] = 0.5 * (shares[sum] + (sum >= r ? shares[sum - r] : 0));
  }
  const auto at = shares.begin() + static_cast<std::ptrdiff_t>(observed);
  return alternative == tail::greater ? std::accumulate(at, shares.end(), 0.0)
                                      : std::accumulate(shares.begin(), at + 1, 0.0);
}

/// Returns the probability of the tail under the normal approximation.
double normal_tail(const signed_ranks& ranks, double n, tail alternative) {
  const double positive =
      (static_cast<double>(ranks.positive) + static_cast<double>(ranks.zeros) / 2) / 2;
  const double mean = n * (n + 1) / 4;
  const double sd = std::sqrt((n * (n + 1) * (2 * n + 1) - ranks.ties / 2) / 24);
  const double z = (positive - mean) / sd;
  const boost::math::normal_distribution<double> standard;
  return cdf(standard, alternative == tail::greater ? -z : z);
}

} // namespace

double signed_rank_p(std::span<const double> differences, tail alternative) {
  const auto n = differences.size();
  auto ranks = rank(differences);
  const bool plain = ranks.ties == 0 && ranks.zeros == 0;
  if (n > (plain ? most_exact : most_exact_with_ties))
    return normal_tail(ranks, static_cast<double>(n), alternative);
  return share_of_subsets(ranks.moving, ranks.positive, alternative);
}

} // namespace troupe
