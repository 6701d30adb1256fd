#pragma once

#include "search/numbers/signed_rank.hpp"
#include "search/schedulers/pruning_rule.hpp"

#include <cstdint>
#include <optional>

namespace troupe {

/// The rule `wilcoxon` and its options.
extern const plugin wilcoxon_plugin;

/// Optuna's WilcoxonPruner, for trials that report the values of the same problem instances or
/// folds, one per step and in any order: prune if Wilcoxon's signed-rank test says, with p below
/// `p_threshold`, that this trial is worse than the best one on the steps that both have reported.
///
/// - The best trial is the completed one with the best final value, the first of equals. As a
///   scheduler, a trial's final value is the mean of its reports.
/// - Nobody is pruned whose mean is at least as good as the best trial's; with fewer than
///   max(2, n_startup_steps) common steps; or if either of the two has a value that is NaN or
///   infinite.
///
/// A decision reads the best trial's reports and this one's.
class wilcoxon final : public pruning_rule {
public:
  /// Throws as option_values::of does.
  wilcoxon(const plugin& about, const boost::json::object& options, const rule_context& context);

  pruning judge(trial_number n, const report_history& reports) override;
  void completed(trial_number n, const report_history& reports, double value) override;
  double final_value(const report_history& reports) const override { return reports.mean(); }

private:
  struct champion {
    trial_number number;
    double value;
    report_history reports;
  };

  direction mode_;
  double p_threshold_;
  std::uint32_t startup_steps_;
  std::optional<champion> best_;
};

} // namespace troupe
