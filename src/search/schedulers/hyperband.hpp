#pragma once

#include "base/options.hpp"
#include "search/schedulers/correctable_scheduler.hpp"
#include "search/schedulers/hyperband_bracket.hpp"

#include <troupe/study.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace troupe {

/// The scheduler `hyperband` and its options; names and defaults are Ray Tune's.
extern const plugin hyperband_plugin;

/// Reads the options of the scheduler that it is `about`: this one or `bohb`. Throws
/// std::invalid_argument as option_values::of does.
hyperband_options read_hyperband_options(const boost::json::object& options, const plugin& about);

/// HyperBand: Li et al., "Hyperband: A Novel Bandit-Based Approach to Hyperparameter Optimization",
/// JMLR 18, 2018, synchronous, as Ray Tune has it. Trials pause at milestones until the others of
/// their bracket have come there too, so it needs trials that report checkpoints.
///
/// Trials fill one bracket after the other, the one without halvings first, and one band of
/// brackets after the other. A trial that is added later may take a free place in a bracket that
/// has been halved; one that is tried again is a new trial to it. Trials are chosen from the first
/// band that has any that may run, there from the bracket that has done the smallest share of its
/// work, there in the order in which they were added.
///
/// Ray Tune's bracket forgets to look up once it has been halved: when the last trial that it waits
/// for fails or ends early, the others wait for ever. That is so here only with "compat": "ray".
class hyperband : public correctable_scheduler {
public:
  /// Throws as read_hyperband_options and hyperband_band do.
  explicit hyperband(const study& s);

  void added(trial_number n) override;
  decision reported(trial_number n, const result& r) override;
  void completed(trial_number n, const std::optional<result>&) override { leave(n); }
  void failed(trial_number n) override { leave(n); }
  void removed(trial_number n) override { leave(n); }
  std::optional<trial_number> choose() override;
  std::vector<decision> aftermath() override;
  /// Does nothing for a trial that has ended to the scheduler's mind.
  void correct(trial_number n, trial_state state) override;

  /// Two bands: so that a bracket has all its trials before its first ones wait for them.
  std::size_t lookahead() const noexcept override;

protected:
  using band = std::vector<std::unique_ptr<hyperband_bracket>>;

  /// Brackets begin as `how` says, those with most trials first if they gather.
  hyperband(const study& s, const hyperband_options& options, hyperband_bracket::start how);

  /// Returns the bands that have live trials, and the last.
  const std::vector<band>& bands();

  /// Notes who ends, for aftermath().
  void ends(decision d);

private:
  hyperband_bracket* find(trial_number n) const;
  void open_bracket();
  void leave(trial_number n);
  void forget(const decision& d);

  hyperband_options options_;
  hyperband_bracket::start how_;
  double sign_; ///< Times a value: larger is better.
  std::vector<bracket_plan> plan_;
  std::vector<band> bands_;
  hyperband_bracket* current_ = nullptr; ///< The one that is being filled; the last.
  std::unordered_map<trial_number, hyperband_bracket*> homes_;
  std::vector<decision> aftermath_;
};

} // namespace troupe
