#pragma once

#include "search/searchers/gp/acquisition.hpp"
#include "search/space/dimension.hpp"

#include <Eigen/Core>
#include <vector>

namespace troupe::gp {

/// A value of a dimension, in its own scale, as a process sees it: its coordinate, or the number of
/// the choice.
double to_input(const dimension& d, double x);

/// The inverse; with a grid, the nearest value.
double from_input(const dimension& d, double input);

/// Inputs, and what they promise.
struct candidate {
  Eigen::VectorXd x;
  double value;
};

/// Climbs from a point of a space to a place nearby where an acquisition is largest.
///
/// Continuous columns are searched together by L-BFGS, in units of their length scales; each of the
/// others by itself: all choices, all values of a grid of up to 16, else by Brent's line search on
/// both sides, on what the grid's values interpolate. In turns, until nothing changes any more.
class local_search {
public:
  /// Both arguments must outlive the search.
  local_search(const acquisition& a, const std::vector<dimension>& space);

  /// Returns what is found from `x`, nothing worse than x.
  candidate climb(Eigen::VectorXd x) const;

private:
  bool climb_slope(candidate& at) const;
  bool try_values(candidate& at, std::size_t column) const;
  bool search_line(candidate& at, std::size_t column) const;

  const acquisition& acquisition_;
  const std::vector<dimension>& space_;
  std::vector<Eigen::Index> continuous_;
  std::vector<std::size_t> discrete_;
  Eigen::VectorXd lengths_; ///< Of the continuous columns.
};

} // namespace troupe::gp
