#pragma once

#include "actors/messages.hpp"

#include <caf/disposable.hpp>
#include <caf/timespan.hpp>

#include <utility>
#include <vector>

namespace troupe {

/// What a controller does later, unless the study ends before.
class study_timers {
public:
  explicit study_timers(controller_actor::pointer self) : self_{self} {}

  template <class Action>
  void after(caf::timespan delay, Action action) {
    pending_.push_back(self_->run_delayed(delay, std::move(action)));
  }

  /// The same, of what comes again and again: in the place of the one before.
  template <class Action>
  void next(caf::timespan delay, Action action) {
    recurring_ = self_->run_delayed(delay, std::move(action));
  }

  void stop() {
    recurring_.dispose();
    for (auto& each : pending_)
      each.dispose();
    pending_.clear();
  }

private:
  controller_actor::pointer self_;
  std::vector<caf::disposable> pending_;
  caf::disposable recurring_;
};

} // namespace troupe
