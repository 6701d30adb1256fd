#pragma once

#include "actors/study_timers.hpp"
#include "base/seconds.hpp"
#include "search/life/trial_deadlines.hpp"

#include <troupe/events.hpp>
#include <troupe/results.hpp>
#include <troupe/study.hpp>

#include <caf/timespan.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace troupe {

/// Watches how long trials run and are silent, for their controller. It looks every second at
/// least; when it comes to look much later than it wanted, the process was suspended, and the time
/// in between counts for no trial.
class trial_watch {
public:
  using expiry = std::function<void(const trial_deadlines::expired_trial&)>;

  trial_watch(study_timers& timers, caf::timespan grace) : timers_{timers}, grace_{grace} {}

  /// From here on the limits of `s` hold. Later `expired` is told of each trial that is out of
  /// time; and `stuck`, in a sentence, of all that run, if they have been for `grace`.
  void begin(const study& s, expiry expired, std::function<void(const std::string&)> stuck) {
    if (!s.time_limit_s && !s.progress_limit_s) return;
    deadlines_.emplace(s.time_limit_s, s.progress_limit_s);
    expired_ = std::move(expired);
    stuck_ = std::move(stuck);
  }

  /// A trial has reported, perhaps what it had reported before an interruption.
  void reported(trial_number n) {
    if (deadlines_) deadlines_->reported(n, now());
  }

  /// A trial that has just been said to start does so in `wait_s` seconds.
  void starts_in(trial_number n, double wait_s) {
    if (deadlines_ && wait_s > 0) deadlines_->started(n, now() + to_nanoseconds(wait_s));
  }

  /// The next event of the journal.
  void follow(const event& e) {
    if (!deadlines_ || !e.trial) return;
    using namespace event_kind;
    if (std::holds_alternative<trial_started>(e.body)) {
      deadlines_->started(*e.trial, now());
      look_later();
    } else if (std::holds_alternative<trial_failed>(e.body) ||
               std::holds_alternative<trial_paused>(e.body) ||
               std::holds_alternative<trial_held>(e.body) ||
               std::holds_alternative<trial_ended>(e.body)) {
      deadlines_->left(*e.trial);
    }
  }

private:
  static constexpr std::int64_t longest_ns = 1'000'000'000;

  static std::int64_t now() {
    return std::chrono::nanoseconds{std::chrono::steady_clock::now().time_since_epoch()}.count();
  }

  void look_later() {
    if (wanted_) return;
    const auto soonest = deadlines_->next().value_or(now() + longest_ns);
    const auto delay = std::clamp<std::int64_t>(soonest - now(), 0, longest_ns);
    wanted_ = now() + delay;
    timers_.next(caf::timespan{delay}, [this] { look(); });
  }

  void look() {
    const auto late = now() - *std::exchange(wanted_, std::nullopt);
    if (late > longest_ns) {
      deadlines_->put_off(late + longest_ns); // it may have been longer than it is late
      return look_later();
    }
    for (const auto& each : deadlines_->take_expired(now()))
      expired_(each);
    const auto running = deadlines_->running();
    if (deadlines_->all_stuck(now(), grace_.count()) && !std::exchange(has_said_, true))
      stuck_(sentence(running));
    if (!running.empty()) look_later();
  }

  static std::string sentence(const std::vector<trial_number>& running) {
    std::string names;
    for (const trial_number n : running)
      names += (names.empty() ? "" : ", ") + trial_id(n);
    return (running.size() == 1 ? "trial " + names + " is" : "trials " + names + " are") +
           " out of time, and not returning";
  }

  study_timers& timers_;
  caf::timespan grace_;
  std::optional<trial_deadlines> deadlines_;
  expiry expired_;
  std::function<void(const std::string&)> stuck_;
  std::optional<std::int64_t> wanted_; ///< When it is going to look.
  bool has_said_ = false;
};

} // namespace troupe
