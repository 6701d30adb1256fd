#pragma once

#include "base/options.hpp"
#include "search/schedulers/correctable_scheduler.hpp"
#include "search/schedulers/trial_queue.hpp"

#include <troupe/study.hpp>

namespace troupe {

/// The scheduler `fifo`; it has no options.
extern const plugin fifo_plugin;

/// Runs every trial to its end, in the order in which trials were added. A trial that has failed
/// and is tried again goes to the end of the list.
class fifo final : public correctable_scheduler {
public:
  /// Throws std::invalid_argument if `s.scheduler` has options: there are none.
  explicit fifo(const study& s);

  void added(trial_number n) override { queue_.append(n); }
  decision reported(trial_number, const result&) override { return {}; }
  void completed(trial_number n, const std::optional<result>&) override { queue_.forget(n); }
  void failed(trial_number n) override { queue_.forget(n); }
  void removed(trial_number n) override { queue_.forget(n); }
  std::optional<trial_number> choose() override { return queue_.take(); }
  void correct(trial_number n, trial_state state) override { queue_.set(n, state); }

private:
  trial_queue queue_;
};

} // namespace troupe
