#pragma once

#include "search/searchers/tpe/kernel_set.hpp"
#include "search/searchers/tpe/options.hpp"
#include "search/searchers/tpe/split.hpp"

#include <troupe/random.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace troupe::tpe {

/// The tree-structured Parzen estimator (Bergstra et al., "Algorithms for hyper-parameter
/// optimization", NeurIPS 2011; Watanabe, arXiv:2304.11127), as in Optuna 5's TPESampler.
///
/// Trials that have ended are split into the better, whose density is l, and the others with those
/// that still run, whose density is g. Of some points drawn from l, the one with the largest
/// log l - log g is suggested.
///
/// Parameters are drawn in groups, each jointly from the trials that have all of its parameters:
///
///   multivariate         those that all ended trials have form a group; the others one each;
///   multivariate, group  the coarsest groups such that each ended trial has all or nothing of one;
///   univariate           one group each: the default with several objectives.
///
/// All is kept up to date call by call: a suggestion evaluates kernels, and never reads trials.
class model {
public:
  /// Two estimators over the same parameters.
  struct group {
    std::vector<std::size_t> parameters;
    kernel_set below, above;
  };

  model(std::vector<dimension> parameters, const tpe_options& options, std::size_t objectives = 1);

  /// Trial `n` runs with these values (own scale, NaN: it has no such parameter).
  void start(row_number n, const std::vector<double>& values);

  /// A trial that runs has ended so.
  void finish(const standing& s);

  /// A trial that runs has failed: it never counts again.
  void fail(row_number n);

  /// The parameter's domain has changed on the way: from now on it is drawn on its own.
  void set_apart(std::size_t parameter);

  /// Returns whether fewer trials have ended than are to be random.
  bool starting_up() const noexcept { return split_->size() < options_.n_startup_trials; }

  /// Returns the values to try next, in the own scale, one per parameter.
  std::vector<double> suggest(random_stream& random);

  std::vector<group>& groups() noexcept { return groups_; }
  const std::vector<group>& groups() const noexcept { return groups_; }
  const observations& table() const noexcept { return table_; }

private:
  /// Where a trial counts.
  enum class place : std::uint8_t { nowhere, running, below, above };

  void move(row_number n, place to);
  kernel_set* set_at(group& g, place p) const;
  bool is_multivariate() const noexcept { return options_.multivariate.value_or(is_single_); }
  bool keeps_together(row_number n) const;
  bool learn_parameters(row_number n);
  void regroup();

  observations table_;
  tpe_options options_;
  bool is_single_; ///< One objective.
  std::unique_ptr<split> split_;
  std::vector<place> places_;
  std::vector<bool> apart_;
  std::vector<std::vector<std::size_t>> together_; ///< The joint groups.
  std::vector<group> groups_;
};

} // namespace troupe::tpe
