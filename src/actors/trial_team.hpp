#pragma once

#include "actors/caf_compat.hpp"
#include "actors/messages.hpp"
#include "actors/trial.hpp"

#include <exception>
#include <functional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace troupe {

/// The actors of the trials that run, as their controller sees them.
class trial_team {
public:
  trial_team(controller_actor::pointer self, trial_factory make)
      : self_{self},
        make_{std::move(make)} {}

  /// Starts an attempt of a trial. If its actor dies before it has said its last word, `lost` is
  /// called instead of that; after a last word it may be called as well.
  void start(trial_order order, std::function<void(const trial_exit&)> lost) {
    const trial_number n = order.number;
    const int attempt = order.attempt;
    auto& trial = trials_[n];
    try {
      trial = make_(self_->system(), std::move(order), trial_parent_actor{self_});
    } catch (const std::exception& e) {
      return tell(self_, trial_parent_actor{self_}, trial_exit{n, attempt, e.what()});
    }
    deaths_.watch(self_, trial, [n, attempt, lost = std::move(lost)](const caf::error& why) {
      lost({n, attempt, "the trial's actor died: " + to_string(why)});
    });
  }

  /// Tells a trial to return at its next batch.
  void stop(trial_number n, const std::string& reason) {
    if (const auto& trial = trials_.at(n)) tell(self_, trial, end_trial{reason});
  }

  /// Leaves a trial to itself: its function may run on, but nobody waits for it.
  void abandon(trial_number n) {
    abandoned_.push_back(n);
    if (const auto& trial = trials_.at(n)) self_->send_exit(trial, caf::exit_reason::kill);
  }

  const std::vector<trial_number>& abandoned() const noexcept { return abandoned_; }

  /// A trial has left.
  void forget(trial_number n) { trials_.erase(n); }

private:
  controller_actor::pointer self_;
  trial_factory make_;
  std::unordered_map<trial_number, trial_actor> trials_;
  std::vector<trial_number> abandoned_;
  death_watch deaths_;
};

} // namespace troupe
