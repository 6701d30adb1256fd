#pragma once

#include "search/searchers/gp/goal.hpp"
#include "search/searchers/gp/sampled.hpp"

#include <Eigen/Core>
#include <cstdint>
#include <optional>
#include <vector>

namespace troupe::gp {

/// How much a trial at a point promises, to be maximised: the logarithm of the expected improvement
/// over the best value, plus those of the probabilities that each constraint holds. As long as
/// there is no best value, the constraints alone. While results are awaited, sampled_utility.
class acquisition {
public:
  /// The first goal is the objective, the others are constraints. All processes await the same
  /// points. `seed` names the samples.
  acquisition(std::vector<goal> goals, std::uint64_t seed);

  /// Returns the value at `x`, and sets `gradient`, if not null: 0 in categorical columns.
  double value(const Eigen::VectorXd& x, Eigen::VectorXd* gradient = nullptr) const;

  /// Returns the values at the columns of `points`. -inf may stand for any that is less than the
  /// largest by 40 and more.
  Eigen::VectorXd values(const Eigen::MatrixXd& points) const;

  /// Returns the objective's length scales.
  Eigen::ArrayXd lengths() const { return goals_.front().process.lengths(); }

private:
  double utility_of(const std::vector<prediction>& p,
                    std::vector<by_prediction>* derivatives) const;
  Eigen::VectorXd exact_values(const Eigen::MatrixXd& points) const;
  Eigen::VectorXd upper_bounds(const Eigen::MatrixXd& points) const;

  std::vector<goal> goals_;
  std::optional<sampled_utility> sampled_; ///< If results are awaited.
};

} // namespace troupe::gp
