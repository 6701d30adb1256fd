#pragma once

#include "search/schedulers/optuna_successive_halving.hpp"
#include "search/schedulers/pruning_rule.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// The rule `optuna_hyperband` and its options.
extern const plugin optuna_hyperband_plugin;

/// Optuna's HyperbandPruner: Li et al., "Hyperband: A Novel Bandit-Based Approach to Hyperparameter
/// Optimization", JMLR 18 (2018), with asynchronous successive halving in each bracket.
///
/// There are B = floor(log(max_resource / min_resource) / log(reduction_factor)) + 1 brackets, the
/// logarithms being floating-point ones. Bracket b is an optuna_successive_halving with
/// min_early_stopping_rate b, whose trials compete among themselves, and whose share of the trials
/// is ceil(B * reduction_factor^(B-1-b) / (B-b)).
///
/// - A trial's bracket depends on the study's name and the trial's number alone: the CRC-32 of
///   "NAME_NUMBER", modulo the sum of the shares, falls into the bracket's share.
/// - max_resource "auto" is one more than the highest step that a completed trial has reported,
/// seen
///   at the first report after there is one; before that there are no brackets, and nobody is
///   pruned.
class optuna_hyperband final : public pruning_rule {
public:
  /// Throws as option_values::of does.
  optuna_hyperband(const plugin& about, const boost::json::object& options,
                   const rule_context& context);

  pruning judge(trial_number n, const report_history& reports) override;
  void completed(trial_number n, const report_history& reports, double value) override;
  void forget(trial_number n) override;

  /// Returns the bracket of a trial; none before there are brackets.
  std::optional<std::size_t> bracket_of(trial_number n) const;

private:
  /// Makes the brackets for this largest resource.
  void make_brackets(std::int64_t max_resource);

  std::string name_;
  rule_context context_;
  std::uint32_t min_resource_;
  std::optional<std::uint32_t> max_resource_;
  std::uint32_t reduction_factor_;
  std::uint32_t bootstrap_count_;

  std::vector<optuna_successive_halving> brackets_;
  std::vector<std::uint64_t> shares_;   ///< Of the brackets, cumulative.
  std::optional<std::int64_t> longest_; ///< The highest step of a completed trial.
};

} // namespace troupe
