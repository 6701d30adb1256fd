#pragma once

#include "cli/view_state.hpp"

#include <troupe/events.hpp>
#include <troupe/study.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

/// A study to look at, event by event.
namespace troupe::testing {

using std::chrono::nanoseconds;
using std::chrono::seconds;

/// When the sample's study starts: far in the future, so that whoever looks at the clock finds that
/// no time has passed.
constexpr nanoseconds start = seconds{4'000'000'000};

/// The Unix time `s` seconds after the start.
constexpr nanoseconds at(double s) {
  return start + nanoseconds{static_cast<std::int64_t>(s * 1e9)};
}

/// Ten trials of two parameters that vary and one that does not.
inline study cifar() {
  study s;
  s.name = "cifar10";
  s.metric = "loss";
  s.num_samples = 10;
  s.space.add("lr", loguniform{1e-4, 1e-1})
      .add("data/kind", constant{"cifar-10"})
      .add("l1", choice{{4, 8, 16}});
  return s;
}

/// Makes a study's events, in order, each `s` seconds after the start.
class journal {
public:
  event began(std::string name = "cifar10", std::uint64_t trials = 10) {
    return make(0, {}, event_kind::study_started{std::move(name), trials});
  }
  event added(double s, trial_number n, config c = {{"lr", 0.0027624906698231976}, {"l1", 8}}) {
    return make(s, n, event_kind::trial_added{std::move(c), 0});
  }
  event started(double s, trial_number n, int from_iteration = 0) {
    return make(s, n, event_kind::trial_started{1, from_iteration, {}});
  }
  event reported(double s, trial_number n, int iteration, metrics m) {
    return make(s, n, event_kind::trial_reported{iteration, std::move(m), {}, 1, 1});
  }
  event reported_with(double s, trial_number n, int checkpoint, double loss, double accuracy = 0) {
    return make(s, n,
                event_kind::trial_reported{
                    checkpoint + 1, {{"loss", loss}, {"accuracy", accuracy}}, checkpoint, 1, 1});
  }
  event saved(double s, trial_number n, int checkpoint) {
    return make(s, n, event_kind::checkpoint_saved{checkpoint, checkpoint + 1});
  }
  event failed(double s, trial_number n, std::string error, bool retry) {
    return make(s, n, event_kind::trial_failed{1, std::move(error), retry});
  }
  event paused(double s, trial_number n) {
    return make(s, n, event_kind::trial_paused{1, "hyperband: rung 1"});
  }
  event exploited(double s, trial_number n, config c) {
    return make(s, n, event_kind::trial_exploited{0, 0, 1, 1, std::move(c)});
  }
  event ended(double s, trial_number n, trial_state state, std::string reason = {}) {
    return make(s, n, event_kind::trial_ended{state, std::move(reason)});
  }
  event stopping(double s, std::string reason) {
    event_kind::study_stopping body;
    body.reason = std::move(reason);
    return make(s, {}, std::move(body));
  }
  event over(double s) { return make(s, {}, event_kind::study_ended{}); }

  event make(double s, std::optional<trial_number> n, event_body body) {
    return event{++seq_, at(s).count(), n, std::move(body)};
  }

private:
  std::uint64_t seq_ = 0;
};

} // namespace troupe::testing
