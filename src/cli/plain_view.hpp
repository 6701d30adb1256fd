#pragma once

#include "cli/view_state.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// Returns a line for the failure that `e` tells of, "trial 00007 failed: out of memory", or none
/// if it tells of none. `s` has taken `e`.
std::optional<std::string> failure_line(const view_state& s, const event& e);

/// A study told in lines, for where there is no terminal to draw on: one for each trial that ends
/// and each new best, and a heartbeat at growing intervals. A trial that stays the best and gets
/// better is news every 10 s at most.
///
///     [ 1:23] trial 00003 stopped at iteration 2: loss 1.87 (asha: rung 2: 1.87 > 1.31)
///     [ 1:25] best so far: trial 00005, loss 1.18 at iteration 4 (lr=0.00276, l1=8)
///     [ 2:00] 4/10 done, 2 running, best loss 1.18, about 3:10 left (mean of 4 trials)
///
/// Pure: times are Unix times and come as arguments.
class plain_view {
public:
  /// Returns the lines for `e`, which `s` has just taken.
  std::vector<std::string> lines(const view_state& s, const event& e);

  /// Returns a heartbeat if one is due at `now`: 10 s after the study's start, then after 20 s,
  /// 40 s and so on, at last every 5 minutes. While nothing runs, but checkpoints are still to be
  /// saved, it says how many, after 1 s and then every 5 s.
  std::optional<std::string> heartbeat(const view_state& s, std::chrono::nanoseconds now);

private:
  std::optional<std::string> news_of_saving(const view_state& s, std::chrono::nanoseconds elapsed);
  std::optional<std::string> news_of_best(const view_state& s, std::chrono::nanoseconds elapsed);

  std::optional<best_view> known_best_;
  std::optional<trial_number> announced_;              ///< The best trial that was told last,
  std::chrono::nanoseconds may_repeat_at_{0};          ///< and when it may be told again.
  std::optional<std::chrono::nanoseconds> saving_due_; ///< Of the next word of what is unsaved.
  std::chrono::seconds interval_{10};
  std::chrono::nanoseconds due_{interval_}; ///< Of the next heartbeat, since the study's start.
};

} // namespace troupe
