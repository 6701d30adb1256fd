#pragma once

#include "search/searchers/gp/goal.hpp"

#include <Eigen/Core>
#include <cstdint>
#include <vector>

namespace troupe::gp {

/// Returns `count` points of a scrambled Sobol sequence, made standard normal: a column each.
Eigen::MatrixXd normal_samples(Eigen::Index dim, Eigen::Index count, std::uint64_t seed);

/// What a point adds to those at which results are awaited: the logarithm of the mean over joint
/// samples of the largest utility among all these points (qLogEI, by 128 quasi-random samples).
///
/// The logarithm of a point's utility in a sample is that of its improvement, at least 1e-12, plus
/// for each constraint log sigmoid((value - threshold) / 0.01). Samples of different goals are
/// independent.
class sampled_utility {
public:
  /// The first goal is the objective, the others are constraints; all await the same points. An
  /// objective without threshold does not count.
  sampled_utility(const std::vector<goal>& goals, std::uint64_t seed, Eigen::Index count = 128);

  /// Returns the value of a point with these predictions, one per goal; sets `derivatives`, if not
  /// null, of the same size.
  double value(const std::vector<prediction>& p, std::vector<by_prediction>* derivatives) const;

private:
  /// One goal's numbers.
  struct term {
    double threshold;
    bool objective;
    Eigen::MatrixXd normals; ///< Per awaited point and for the one in question; a column a sample.

    /// Returns the value of the point in question in each sample.
    Eigen::ArrayXd values(const prediction& p) const;

    /// Adds the logarithms of the utilities of sampled `values`; sets their derivatives if asked.
    void add(const Eigen::ArrayXd& values, Eigen::ArrayXd& sum, Eigen::ArrayXd* slopes) const;

    /// Returns the derivatives of Σ weight · utility, summed over the samples.
    by_prediction derivatives(const prediction& p, const Eigen::ArrayXd& weights) const;
  };

  std::vector<term> terms_;
  Eigen::ArrayXd others_; ///< Per sample, the logarithm of the best utility of the awaited points.
};

} // namespace troupe::gp
