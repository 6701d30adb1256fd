#pragma once

#include "search/numbers/running_quantile.hpp"
#include "search/schedulers/pruning_rule.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

namespace troupe {

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
  /// What it is called ("optuna_median" or "optuna_percentile") decides whether `percentile` is an
  /// option, which is then needed: from 0 to 100, so many percent of the trials are good enough.
  /// Others: n_startup_trials (5), n_warmup_steps (0), interval_steps (1), n_min_trials (1).
  optuna_percentile(std::string_view name, const boost::json::object& options,
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
  double percentile_ = 50;
  std::uint32_t startup_trials_ = 5;
  std::uint32_t warmup_steps_ = 0;
  std::uint32_t interval_steps_ = 1;
  std::uint32_t min_trials_ = 1;

  std::size_t completed_ = 0;
  std::unordered_map<std::int64_t, peers> steps_;
};

} // namespace troupe
