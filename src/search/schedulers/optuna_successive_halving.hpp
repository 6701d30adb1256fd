#pragma once

#include "search/numbers/order_statistic.hpp"
#include "search/schedulers/pruning_rule.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace troupe {

/// The rule `optuna_successive_halving` and its options.
extern const plugin optuna_successive_halving_plugin;

/// What can be said about Optuna's successive halving; names and defaults are Optuna's.
struct halving_options {
  /// Nobody is pruned before this step (times rf^min_early_stopping_rate); at least 1, or none for
  /// "auto".
  std::optional<std::uint32_t> min_resource;
  std::uint32_t reduction_factor = 4;        ///< One in so many goes on at each rung; at least 2.
  std::uint32_t min_early_stopping_rate = 0; ///< The number of lowest rungs to leave out.
  /// So many trials that reach a rung first are pruned there; 0 if min_resource is "auto".
  std::uint32_t bootstrap_count = 0;
};

/// Optuna's SuccessiveHalvingPruner: asynchronous successive halving (Li et al., "A System for
/// Massively Parallel Hyperparameter Tuning", MLSys 2020) that stops and never pauses.
///
/// Rung r is at step min_resource * reduction_factor^(min_early_stopping_rate + r). A trial that
/// reaches it is recorded with the value it has then, and is pruned unless it is among the best
/// floor(n / reduction_factor) of the n values recorded there, its own included; while that is 0,
/// unless it is the best of them. One that goes on is judged at the next rung at once if it has
/// reached that too.
///
/// - What is recorded stays, whatever becomes of the trial. A trial is recorded once at each rung:
///   one that goes on although pruned is judged next at the next rung.
/// - A trial whose value is NaN when it reaches a rung is pruned and not recorded.
/// - The step is the highest one reported, even if another arrived last.
/// - min_resource "auto" is a hundredth of the highest step that a completed trial has reported (at
///   least 1), seen at the first report after there is one; nobody is pruned before.
///
/// A decision takes O(log n) for n recorded trials.
class optuna_successive_halving final : public pruning_rule {
public:
  /// `label` begins the reasons.
  optuna_successive_halving(std::string label, const halving_options& options, direction mode);

  /// Throws as option_values::of does.
  optuna_successive_halving(const plugin& about, const boost::json::object& options,
                            const rule_context& context);

  pruning judge(trial_number n, const report_history& reports) override;
  void completed(trial_number n, const report_history& reports, double value) override;
  void forget(trial_number n) override { next_rung_.erase(n); }

private:
  /// Returns the step of a rung, or the largest integer if it is beyond that.
  std::int64_t step_of(std::size_t rung) const noexcept;
  /// Records a value at a rung and returns why its trial is pruned there; none if it goes on.
  std::optional<std::string> record(std::size_t rung, double value);

  std::string label_;
  halving_options options_;
  double sign_; ///< Times a value: smaller is better.
  std::vector<order_statistic> rungs_;
  std::unordered_map<trial_number, std::size_t> next_rung_;
  std::optional<std::int64_t> longest_; ///< The highest step of a completed trial.
};

} // namespace troupe
