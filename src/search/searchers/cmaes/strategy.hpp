#pragma once

#include <Eigen/Core>

namespace troupe {

/// No step size is larger: the search has lost its way long before.
inline constexpr double largest_sigma = 1e32;

/// How fast each part of a CMA-ES learns: constants that follow from the number of parameters and
/// the size of a generation. Equation numbers are those of Hansen, "The CMA evolution strategy: a
/// tutorial" (2016).
struct cma_strategy {
  Eigen::Index parents = 0; ///< The best so many of a generation move the mean.
  Eigen::VectorXd weights;  ///< By rank, best first; those after the parents are negative.
  double mu_eff = 0;        ///< How many equal parents the weights are worth.
  double c1 = 0;            ///< Rate of the covariance's rank-one update.
  double cmu = 0;           ///< Rate of its rank-mu update.
  double cc = 0;            ///< Rate of the path that the rank-one update follows.
  double c_sigma = 0;       ///< Rate of the path that the step size follows.
  double d_sigma = 0;       ///< Damping of the step size.
  double chi_n = 0;         ///< Expected length of a standard normal vector.
};

/// Returns the usual size of a generation, 4 + floor(3 ln dim) (equation 48).
Eigen::Index default_population(Eigen::Index dim);

/// Returns the constants for a full covariance matrix. dim >= 1, population >= 2.
cma_strategy full_strategy(Eigen::Index dim, Eigen::Index population);

/// Returns the constants for a diagonal covariance matrix, where only the parents have weights and
/// learning is (dim + 2) / 3 times as fast (Ros and Hansen, "A simple modification in CMA-ES
/// achieving linear time and space complexity", 2008). dim >= 1, population >= 2.
cma_strategy separable_strategy(Eigen::Index dim, Eigen::Index population);

} // namespace troupe
