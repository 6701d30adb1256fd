#pragma once

#include <troupe/random.hpp>

#include <cstddef>
#include <vector>

namespace troupe {

/// The kernel density of BOHB (Falkner et al., "BOHB: Robust and efficient hyperparameter
/// optimization at scale", ICML 2018), as HpBandSter has it: a product kernel at each row.
///
/// A numeric column holds coordinates from 0 to 1. Its kernels are normal ones, which may reach out
/// of the range; their bandwidth is 1.06 s n^(-1/(4+d)) with the column's standard deviation s, the
/// number of rows n, and of columns d (Scott's rule). A column of choices holds their numbers, and
/// has Aitchison and Aitken's kernels with a bandwidth h by the same rule: 1 - h for the same
/// choice, h / (c - 1) for another, with c the number of choices that occur in the column. Where
/// the rule exceeds (c - 1) / c, all occurring choices are alike, and h is no larger.
class bohb_density {
public:
  /// `choices` has the number of choices per column, 0 for a numeric one. Rows have no NaN.
  /// Bandwidths are at least `min_bandwidth`.
  bohb_density(std::vector<std::vector<double>> rows, std::vector<std::size_t> choices,
               double min_bandwidth);

  /// Returns the density at `x`. Infinite if a column holds one choice only, and `x` has another.
  double at(const std::vector<double>& x) const;

  /// Draws from near a row: a number from a normal law around it that is cut off at 0 and 1, with
  /// `bandwidth_factor` times the bandwidth; with probability 1 - h the row's choice, else any.
  std::vector<double> draw(random_stream& random, double bandwidth_factor) const;

  const std::vector<double>& bandwidths() const noexcept { return bandwidths_; }

private:
  std::vector<std::vector<double>> rows_;
  std::vector<std::size_t> choices_;
  std::vector<double> bandwidths_; ///< Per column.
  std::vector<double> others_;     ///< Per column of choices: h / (c - 1).
};

/// Fills the NaN of `rows`, parameters that a configuration lacks: each with the value of a row
/// that has it, at random, from which all other values that are lacking are taken too; with any
/// value if no row has it.
void impute(std::vector<std::vector<double>>& rows, const std::vector<std::size_t>& choices,
            random_stream& random);

} // namespace troupe
