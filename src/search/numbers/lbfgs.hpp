#pragma once

#include <Eigen/Core>
#include <functional>

namespace troupe::gp {

/// Returns a function's value at `x` and sets `gradient`, of x's size. NaN: there is none.
using smooth_function = std::function<double(const Eigen::VectorXd& x, Eigen::VectorXd& gradient)>;

/// Where and when a minimisation stays and ends.
struct descent_limits {
  Eigen::VectorXd low, high;
  double gradient; ///< Ends where the largest projected component is at most this,
  double gain;     ///< or after a step that gains less than this; 0: as long as any is gained,
  int evaluations; ///< and after so many at the latest.
};

struct descent {
  Eigen::VectorXd x; ///< The best point that was seen.
  double value;
  bool failed; ///< The search broke down; x may be anywhere.
};

/// Finds a local minimum by L-BFGS with bounds (NLopt's LD_LBFGS), from `start`, which is put into
/// the bounds first. The value there must be a number.
descent minimise(const smooth_function& f, Eigen::VectorXd start, const descent_limits& limits);

} // namespace troupe::gp
