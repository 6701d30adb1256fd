#pragma once

#include "base/options.hpp"
#include "search/schedulers/correctable_scheduler.hpp"
#include "search/schedulers/trial_queue.hpp"

#include <troupe/study.hpp>

#include <boost/json/value.hpp>

#include <cstddef>
#include <optional>
#include <unordered_map>
#include <vector>

namespace troupe {

/// The scheduler `pbt_replay` and its option.
extern const plugin pbt_replay_plugin;

/// From which iteration on a trial has other parameters.
struct policy_step {
  double iteration = 0;
  config changes; ///< Its members replace those of the configuration.
};

/// Reads `[[10, {"lr": 0.1}], [25, {"lr": 0.02}]]`: iterations from 1 on, ascending. What is wrong
/// is appended to `problems`.
std::vector<policy_step> read_policy(const boost::json::value& v,
                                     std::vector<option_problem>& problems);

/// Replays the schedule of parameters that population-based training found: each trial goes on from
/// its own last checkpoint with the parameters of the step that it has come to, as Ray Tune's
/// PopulationBasedTrainingReplay. The first parameters are the study's own. Of several steps that a
/// report has passed, the last one counts. A trial without a checkpoint changes at its next report
/// that brings one. Trials are chosen in the order in which they were added.
///
/// The option is `policy`, see read_policy.
class pbt_replay final : public correctable_scheduler {
public:
  /// Throws std::invalid_argument, naming the option, for anything but a policy.
  explicit pbt_replay(const study& s);

  /// A trial that still has its old configuration has not come to its new one.
  void configured(trial_number n, const config& c) override;
  void added(trial_number n) override { queue_.append(n); }
  decision reported(trial_number n, const result& r) override;
  void completed(trial_number n, const std::optional<result>&) override { removed(n); }
  void failed(trial_number n) override { queue_.forget(n); }
  void removed(trial_number n) override;
  std::optional<trial_number> choose() override { return queue_.take(); }
  void correct(trial_number n, trial_state state) override { queue_.set(n, state); }

private:
  struct progress {
    config settings;
    std::size_t next = 0;     ///< The step that comes next,
    std::size_t previous = 0; ///< and the one that came next before the last change.
  };

  std::vector<policy_step> policy_;
  std::unordered_map<trial_number, progress> trials_;
  trial_queue queue_;
};

} // namespace troupe
