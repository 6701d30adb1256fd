#pragma once

#include "actors/caf_compat.hpp"
#include "actors/messages.hpp"
#include "actors/trial.hpp"
#include "base/seconds.hpp"
#include "search/life/cause.hpp"

#include <caf/disposable.hpp>
#include <caf/timespan.hpp>

#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace troupe {

/// Returns why an attempt has failed; none if it has not.
inline std::optional<cause> error_of(const trial_exit& e) {
  return e.error ? std::optional<cause>{std::in_place, *e.error, e.reason_kind} : std::nullopt;
}

/// The actors of the trials that run, as their controller sees them.
class trial_team {
public:
  trial_team(controller_actor::pointer self, trial_factory make)
      : self_{self},
        make_{std::move(make)} {}

  using listener = std::function<void(const trial_exit&)>;

  /// Starts an attempt of a trial, `wait_s` seconds from now. If its actor dies before it has said
  /// its last word, `lost` is called instead of that; after a last word it may be called as well.
  void start(trial_order order, double wait_s, listener lost) {
    if (wait_s <= 0) return start(std::move(order), std::move(lost));
    const trial_number n = order.number;
    waiting_[n] = {order.attempt,
                   self_->run_delayed(caf::timespan{to_nanoseconds(wait_s)},
                                      [this, n, order = std::move(order), lost = std::move(lost)] {
                                        waiting_.erase(n);
                                        start(order, lost);
                                      })};
  }

  /// Tells a trial to return at its next batch.
  void stop(trial_number n, const std::string& reason) {
    if (auto waits = waiting_.extract(n)) {
      waits.mapped().start.dispose();
      tell(self_, trial_parent_actor{self_}, trial_exit{n, waits.mapped().attempt});
    } else if (const auto& trial = trials_.at(n)) {
      tell(self_, trial, end_trial{reason});
    }
  }

  /// Leaves a trial to itself: its function may run on, but nobody waits for it. This is its last
  /// word.
  void abandon(trial_number n, int attempt) {
    abandoned_.push_back(n);
    tell(self_, trial_parent_actor{self_},
         trial_exit{n, attempt, "its function did not return when told to stop",
                    reason_kind::stuck});
    if (const auto& trial = trials_.at(n)) self_->send_exit(trial, caf::exit_reason::kill);
  }

  const std::vector<trial_number>& abandoned() const noexcept { return abandoned_; }

  /// A trial has left.
  void forget(trial_number n) { trials_.erase(n); }

private:
  /// An attempt that has yet to be started.
  struct waiting {
    int attempt;
    caf::disposable start;
  };

  void start(trial_order order, listener lost) {
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

  controller_actor::pointer self_;
  trial_factory make_;
  std::unordered_map<trial_number, trial_actor> trials_;
  std::unordered_map<trial_number, waiting> waiting_;
  std::vector<trial_number> abandoned_;
  death_watch deaths_;
};

} // namespace troupe
