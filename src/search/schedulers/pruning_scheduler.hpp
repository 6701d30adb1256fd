#pragma once

#include "search/schedulers/correctable_scheduler.hpp"
#include "search/schedulers/pruning_rule.hpp"
#include "search/schedulers/trial_queue.hpp"

#include <troupe/study.hpp>

#include <memory>
#include <optional>
#include <unordered_map>

namespace troupe {

/// Stops the trials that a pruning rule prunes. Trials are chosen in the order in which they were
/// added, as fifo does.
///
/// - The rule's step is a report's time without its fraction.
/// - A trial that ends by itself completes with its last value; it is judged first if it had not
///   reported that. One whose last value is NaN, or that has reported nothing, does not count as
///   completed.
/// - A trial that has failed and is tried again keeps its reports up to the step at which it goes
///   on.
class pruning_scheduler final : public correctable_scheduler {
public:
  /// The rule is the one that `s.scheduler` names. Throws as make_pruning_rule does.
  explicit pruning_scheduler(const study& s);

  void added(trial_number n) override;
  decision reported(trial_number n, const result& r) override;
  void completed(trial_number n, const std::optional<result>& last) override;
  void failed(trial_number n) override;
  void removed(trial_number n) override;
  std::optional<trial_number> choose() override;
  void correct(trial_number n, trial_state state) override;

private:
  struct seat {
    report_history reports;
    bool pruned = false;   ///< It was told to stop.
    bool is_retry = false; ///< It has failed; its next report says where it goes on.
  };

  direction mode_;
  std::unique_ptr<pruning_rule> rule_;
  trial_queue queue_;
  std::unordered_map<trial_number, seat> seats_;
  std::optional<trial_number> judged_; ///< The trial whose report was the latest call.
};

} // namespace troupe
