#pragma once

#include "search/schedulers/hyperband.hpp"

namespace troupe {

/// The scheduler `bohb` and its options.
extern const plugin bohb_scheduler_plugin;

/// HyperBand for BOHB: Falkner et al., "BOHB: Robust and Efficient Hyperparameter Optimization at
/// Scale", ICML 2018, synchronous, as Ray Tune's HyperBandForBOHB. It is hyperband but for this:
///
/// - The bracket with most trials and halvings is filled first, so that the searcher's model soon
///   has many cheap results.
/// - Trials wait at milestones until their bracket has all its trials, so that none needs to be
///   suggested before a slot is free: each is, with all results known.
/// - Trials are chosen from the first bracket that has any that may run.
/// - When nobody may run and nobody runs, the brackets that are not full yet are halved as they
///   are: to the number that a full one would go on with.
/// - A trial that comes to its bracket's last milestone ends there, without the others.
///
/// Options are hyperband's, without "compat": here Ray Tune's waiting brackets wake up.
class bohb_scheduler final : public hyperband {
public:
  /// Throws as hyperband's.
  explicit bohb_scheduler(const study& s);

  std::optional<trial_number> choose() override;

  /// One: whoever is suggested later is suggested better.
  std::size_t lookahead() const noexcept override { return 1; }

private:
  std::optional<trial_number> first_ready();
  bool anybody_runs();
};

} // namespace troupe
