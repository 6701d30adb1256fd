#pragma once

#include "search/numbers/running_quantile.hpp"
#include "search/schedulers/pruning_rule.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

namespace troupe {

/// The rules `optuna_median` and `optuna_percentile` and their options.
/// @{
extern const plugin optuna_median_plugin;
extern const plugin optuna_percentile_plugin;
/// @}

/// Optuna's PercentilePruner, and with percentile 50 its MedianPruner, which is the stopping rule
/// of Golovin et al., "Google Vizier: A Service for Black-Box Optimization", KDD 2017, but for the
/// value compared: prune if the best value so far is worse than a percentile of the values that
/// completed trials had at exactly this step.
///
/// - Trials that were pruned or failed do not count.
/// - Nobody is pruned before `n_startup_trials` trials (and at least one) have completed, before
///   step `n_warmup_steps`, or if fewer than `n_min_trials` of them reported at this step.
/// - After the warm-up, steps form intervals of `interval_steps`; a trial is judged only at its
///   first report in each.
/// - The step is the highest one reported, even if another arrived last.
/// - A trial that has reported nothing but NaN is pruned. NaN among the others' values counts for
///   `n_min_trials` and is left out of the percentile.
///
/// A decision takes O(1), recording a completed trial O(log n) per report.
class optuna_percentile final : public pruning_rule {
public:
  /// `about` is one of the two; the median has no option `percentile`. Throws as option_values::of
  /// does.
  optuna_percentile(const plugin& about, const boost::json::object& options,
                    const rule_context& context);

  pruning judge(trial_number n, const report_history& reports) override;
  void completed(trial_number n, const report_history& reports, double value) override;

private:
  /// The values that completed trials reported at one step.
  struct peers {
    running_quantile values;
    std::size_t reports = 0; ///< NaN included.
  };

  std::string name_;
  direction mode_;
  double percentile_ = 50; ///< So many percent are good enough.
  std::uint32_t startup_trials_;
  std::uint32_t warmup_steps_;
  std::uint32_t interval_steps_;
  std::uint32_t min_trials_;

  std::size_t completed_ = 0;
  std::unordered_map<std::int64_t, peers> steps_;
};

} // namespace troupe
