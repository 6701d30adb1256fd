#pragma once

#include <troupe/results.hpp>
#include <troupe/scheduler.hpp>

#include <memory>

namespace troupe {

/// A scheduler that can be set right when something else happened than what it decided: a replay
/// that meets a difference notes it and goes on as recorded. All schedulers are of this kind.
class correctable_scheduler : public scheduler {
public:
  /// Trial `n`, which has been added and has not ended, is in fact `state`: pending, running or
  /// paused. Its place in the list of trials stays.
  virtual void correct(trial_number n, trial_state state) = 0;

  /// Trial `n` has reported `r` before, after the same calls: takes note of it as reported() did,
  /// without saying again what came of it.
  virtual void recall(trial_number n, const result& r) { reported(n, r); }
};

/// The same as make_scheduler, for whoever has to correct.
std::unique_ptr<correctable_scheduler> make_correctable_scheduler(const study&);

} // namespace troupe
