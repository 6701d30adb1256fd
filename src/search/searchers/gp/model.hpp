#pragma once

#include "search/searchers/gp/goal.hpp"
#include "search/searchers/gp/maximise.hpp"
#include "search/searchers/gp/options.hpp"
#include "search/space/dimension.hpp"

#include <troupe/random.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace troupe::gp {

/// A Gaussian process of a study's metric, and one of each of its constraints, which say what to
/// try next.
///
/// It depends on which trials have which results, not on the order in which they came, but for
/// where the fit of the processes' parameters began: at the parameters that were fitted last.
class model {
public:
  using row_number = std::uint32_t;

  /// `space` has 1 to sobol_sequence::max_dim dimensions. `seed` names the candidates.
  model(std::vector<dimension> space, const gp_options& options, std::uint64_t seed);

  /// A trial runs with these values, in their own scales; with NaN among them, it never counts.
  void start(row_number n, const std::vector<double>& values);

  /// It has ended with the value `loss`, less is better, not NaN, and these values of the
  /// constraints, feasible up to 0. Infinite values count as the largest or smallest finite one,
  /// NaN of a constraint as the largest.
  void finish(row_number n, double loss, const std::vector<double>& constraints = {});

  /// It does not run any more, and does not count.
  void drop(row_number n) { trials_.erase(n); }

  /// Returns whether there are too few results to suggest anything.
  bool starting_up() const noexcept {
    return finished_ == 0 || finished_ < options_.n_startup_trials;
  }

  /// Returns the values to try next. Not while starting_up().
  std::vector<double> suggest(random_stream& random);

private:
  struct result {
    double loss;
    std::vector<double> constraints;
  };

  /// A trial that runs or counts.
  struct trial {
    Eigen::VectorXd inputs;
    std::optional<result> ended;
  };

  /// All results, a row each.
  struct table {
    observations data; ///< Without values.
    Eigen::VectorXd gains;
    Eigen::MatrixXd slacks; ///< How far each constraint is from being violated.
  };

  table results() const;
  void fit_goals();
  void fit_goal(observations& data, const Eigen::VectorXd& values, double threshold);
  std::vector<Eigen::VectorXd> awaited() const;

  gp_options options_;
  candidates candidates_;
  std::map<row_number, trial> trials_;
  std::size_t finished_ = 0;
  std::size_t constraints_ = 0; ///< How many.

  std::vector<goal> goals_; ///< Of all finished trials; empty: to be made.
  std::optional<Eigen::VectorXd> incumbent_;
  std::vector<kernel_parameters> last_; ///< Per goal.
};

} // namespace troupe::gp
