#include "actors/interventions.hpp"

#include "actors/caf_compat.hpp"
#include "base/clock.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <utility>

namespace troupe {

template <class Wish>
std::string interventions::carry_out(Wish wish) {
  if (!begun_) return "the study has not begun";
  if (!failure_.empty()) return failure_;
  const std::int64_t now = unix_ns();
  auto why_not = std::string{wish(now)};
  course_.advance(now);
  return why_not;
}

template <class Answer, class... T>
caf::result<Answer> interventions::once_written(const T&... answer) {
  auto promise = self_->make_response_promise<Answer>();
  open_.push_back({course_.machine().last_seq(), [=](const std::string& why_not) mutable {
                     why_not.empty() ? promise.deliver(answer...)
                                     : promise.deliver(refusal(why_not));
                   }});
  settle();
  return promise;
}

template <class Wish>
caf::result<void> interventions::done(Wish wish) {
  if (const auto why_not = carry_out(wish); !why_not.empty()) return refusal(why_not);
  return once_written<void>();
}

void interventions::settle() {
  for (; !open_.empty() && open_.front().seq <= records_.visible(); open_.pop_front())
    open_.front().give({});
}

void interventions::fail(const std::string& why) {
  settle();
  failure_ = why;
  for (auto& each : std::exchange(open_, {}))
    each.give(why);
}

caf::result<trial_number> interventions::take(const add_trial& a) {
  trial_number added = 0;
  using addition = study_course::addition;
  const auto why_not = carry_out([&](auto now) -> std::string {
    try {
      const auto n =
          course_.add(a.config, a.by, now, a.within ? addition::within : addition::on_top);
      added = n.value_or(0);
      return n ? "" : "the study winds up";
    } catch (const std::invalid_argument& e) {
      return e.what();
    }
  });
  if (!why_not.empty()) return refusal(why_not);
  return once_written<trial_number>(added);
}

caf::result<leaving_trials> interventions::take(const pause_study& p) {
  const auto why_not = carry_out([&](auto now) { return course_.pause(p.by, now); });
  if (!why_not.empty()) return refusal(why_not);
  const auto& running = course_.machine().running_trials();
  const auto without = std::ranges::count_if(
      running, [&](trial_number n) { return course_.machine().checkpoints_of(n).empty(); });
  return once_written<leaving_trials>(
      leaving_trials{running.size(), static_cast<std::uint64_t>(without)});
}

caf::result<void> interventions::take(const continue_study&) {
  return done([&](auto now) { return course_.go_on(now); });
}

caf::result<void> interventions::take(const stop_trial& s) {
  return done([&](auto now) {
    return course_.stop(s.number, {s.reason, reason_kind::by_hand}, now);
  });
}

caf::result<void> interventions::take(const retry_trial& r) {
  return done([&](auto now) { return course_.retry_failed(r.number, now); });
}

caf::result<void> interventions::take(const change_limits& c) {
  if (c.num_samples == 0) return refusal("num_samples must be at least 1");
  return done([&](auto now) -> std::string {
    auto limits = limits_of(course_.machine().subject());
    if (c.num_samples) limits.num_samples = *c.num_samples;
    if (c.max_concurrent) {
      limits.max_concurrent = c.max_concurrent;
      if (*c.max_concurrent == 0) limits.max_concurrent.reset();
    }
    const auto trials = number_of_trials(with_limits(course_.machine().subject(), limits));
    if (trials > std::numeric_limits<trial_number>::max())
      return "num_samples: " + std::to_string(trials) + " are more trials than there can be";
    return course_.change_limits(limits, c.by, now);
  });
}

} // namespace troupe
