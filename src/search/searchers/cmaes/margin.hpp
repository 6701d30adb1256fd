#pragma once

#include "search/searchers/cmaes/cma.hpp"

#include <Eigen/Core>
#include <vector>

namespace troupe {

/// Parameters on a grid, in a CMA-ES whose points are real vectors: points are evaluated at the
/// nearest value of the grid, and the distribution is kept so wide that each generation may leave
/// the value at the mean (Hamano et al., "CMA-ES with margin", 2022; as cmaes 0.13.1 has it).
class cma_margin {
public:
  /// `steps` has the distance of the values from each other, which begin at box.low; 0 for a
  /// continuous parameter. `margin` is the least probability of leaving a value; 0: 1 / (dim ×
  /// population).
  cma_margin(const cma& es, const cma_box& box, const Eigen::VectorXd& steps, double margin = 0);

  /// Returns the box for cma::ask: without limits where there is a grid.
  const cma_box& free_box() const noexcept { return free_box_; }

  /// Returns the point at which `x`, drawn from `es`, is evaluated.
  Eigen::VectorXd evaluated(const cma& es, Eigen::VectorXd x) const;

  /// Moves and widens the distribution after es.tell.
  void correct(cma& es);

  /// Returns by how much each coordinate's deviation is stretched.
  const Eigen::VectorXd& stretches() const noexcept { return stretches_; }

private:
  /// One parameter's grid: low, low + step, …
  struct grid {
    Eigen::Index at; ///< Which coordinate.
    double low, step;
    Eigen::Index size;

    double value(Eigen::Index i) const { return low + static_cast<double>(i) * step; }
    /// Returns the border between the values i and i + 1.
    double border(Eigen::Index i) const { return (value(i) + value(i + 1)) / 2; }
    /// Returns the index of the value nearest to `x`, the lower of two.
    Eigen::Index nearest(double x) const;
  };

  /// The mean's and the stretch's correction in one coordinate.
  void correct(const grid& g, double deviation, double& mean);

  std::vector<grid> grids_;
  cma_box free_box_;
  double margin_;
  Eigen::VectorXd stretches_;
};

} // namespace troupe
