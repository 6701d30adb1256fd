#pragma once

#include "search/schedulers/pruning_rule.hpp"

#include <cstdint>
#include <optional>

namespace troupe {

/// The rule `threshold` and its options.
extern const plugin threshold_plugin;

/// Optuna's ThresholdPruner: prune if the value at the highest step is below `lower`, above `upper`
/// or NaN, whatever the study's mode. Nothing is pruned before step `n_warmup_steps`; after it, a
/// trial is judged at its first report in each interval of `interval_steps`.
class threshold final : public pruning_rule {
public:
  /// Throws as option_values::of does.
  threshold(const plugin& about, const boost::json::object& options, const rule_context&);

  pruning judge(trial_number n, const report_history& reports) override;
  void completed(trial_number, const report_history&, double) override {}

private:
  std::optional<double> lower_, upper_;
  std::uint32_t warmup_steps_;
  std::uint32_t interval_steps_;
};

} // namespace troupe
