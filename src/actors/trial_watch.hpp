#pragma once

#include "actors/study_timers.hpp"
#include "search/life/trial_deadlines.hpp"

#include <troupe/events.hpp>

#include <caf/timespan.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <utility>

namespace troupe {

/// Watches how long trials run and are silent, for their controller, by at most one timer.
class trial_watch {
public:
  /// A trial is out of time; or all that run have been for `grace`, and nothing else happens.
  using expiry = std::function<void(const trial_deadlines::expired_trial&)>;

  trial_watch(study_timers& timers, caf::timespan grace) : timers_{timers}, grace_{grace} {}

  /// From here on the limits of `s` hold. `expired` and `all_stuck` are called later.
  void begin(const study& s, expiry expired, std::function<void()> all_stuck) {
    if (!s.time_limit_s && !s.progress_limit_s) return;
    deadlines_.emplace(s.time_limit_s, s.progress_limit_s);
    expired_ = std::move(expired);
    all_stuck_ = std::move(all_stuck);
  }

  /// A trial has reported, perhaps what it had reported before an interruption.
  void reported(trial_number n) {
    if (deadlines_) deadlines_->reported(n, now());
  }

  /// The next event of the journal.
  void follow(const event& e) {
    if (!deadlines_ || !e.trial) return;
    using namespace event_kind;
    if (std::holds_alternative<trial_started>(e.body)) {
      deadlines_->started(*e.trial, now());
      look_again();
    } else if (std::holds_alternative<trial_failed>(e.body) ||
               std::holds_alternative<trial_paused>(e.body) ||
               std::holds_alternative<trial_ended>(e.body)) {
      deadlines_->left(*e.trial);
    }
  }

private:
  static std::int64_t now() {
    return std::chrono::nanoseconds{std::chrono::steady_clock::now().time_since_epoch()}.count();
  }

  /// Reports only put deadlines off: a timer that is set comes early enough.
  void look_again() {
    const auto next = deadlines_->next();
    if (waiting_ || !next) return;
    waiting_ = true;
    timers_.after(std::max(caf::timespan{*next - now()}, caf::timespan{0}), [this] { look(); });
  }

  void look() {
    waiting_ = false;
    const auto expired = deadlines_->take_expired(now());
    for (const auto& each : expired)
      expired_(each);
    if (!expired.empty())
      timers_.after(grace_, [this] {
        if (deadlines_->all_stuck(now(), grace_.count())) all_stuck_();
      });
    look_again();
  }

  study_timers& timers_;
  caf::timespan grace_;
  std::optional<trial_deadlines> deadlines_;
  expiry expired_;
  std::function<void()> all_stuck_;
  bool waiting_ = false;
};

} // namespace troupe
