#pragma once

#include "search/schedulers/pruning_rule.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace troupe {

/// The rule `patient` and its options.
extern const plugin patient_plugin;

/// Optuna's PatientPruner: asks another rule only when a trial has stopped getting better. That is
/// so when the best value up to `patience` + 1 reports ago is better, by more than `min_delta`,
/// than the best one since; reports in the order of their steps. Without another rule the trial is
/// pruned then.
///
/// NaN is left out; if nothing is left on either side, the trial goes on.
class patient final : public pruning_rule {
public:
  /// Throws as option_values::of does.
  patient(const plugin& about, const boost::json::object& options, const rule_context& context);

  pruning judge(trial_number n, const report_history& reports) override;
  void completed(trial_number n, const report_history& reports, double value) override;
  void forget(trial_number n) override;
  double final_value(const report_history& reports) const override;

private:
  bool is_out_of_patience(const report_history& reports) const;

  direction mode_;
  std::unique_ptr<pruning_rule> wrapped_;
  std::uint32_t patience_;
  double min_delta_;
};

} // namespace troupe
