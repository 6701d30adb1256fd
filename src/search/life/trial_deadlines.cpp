#include "search/life/trial_deadlines.hpp"

#include "base/seconds.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace troupe {

namespace {

std::optional<std::int64_t> nanoseconds(const std::optional<double>& seconds) {
  return seconds ? std::optional{to_nanoseconds(*seconds)} : std::nullopt;
}

} // namespace

trial_deadlines::trial_deadlines(std::optional<double> time_limit_s,
                                 std::optional<double> progress_limit_s)
    : time_limit_{nanoseconds(time_limit_s)},
      progress_limit_{nanoseconds(progress_limit_s)},
      out_of_time_{fmt::format("time_limit_s: it has run for {:g} s", time_limit_s.value_or(0)),
                   reason_kind::time_limit},
      no_progress_{fmt::format("progress_limit_s: it has not reported for {:g} s",
                               progress_limit_s.value_or(0)),
                   reason_kind::progress_limit} {}

void trial_deadlines::started(trial_number n, std::int64_t now) {
  trials_.insert_or_assign(n, running_trial{now, now});
}

void trial_deadlines::reported(trial_number n, std::int64_t now) {
  if (const auto found = trials_.find(n); found != trials_.end()) found->second.heard = now;
}

void trial_deadlines::left(trial_number n) {
  trials_.erase(n);
}

void trial_deadlines::put_off(std::int64_t by_ns) {
  for (auto& [n, t] : trials_) {
    t.started += by_ns;
    t.heard += by_ns;
    if (t.expired) *t.expired += by_ns;
  }
}

std::vector<trial_number> trial_deadlines::running() const {
  std::vector<trial_number> numbers;
  numbers.reserve(trials_.size());
  for (const auto& [n, t] : trials_)
    numbers.push_back(n);
  return numbers;
}

std::optional<std::int64_t> trial_deadlines::deadline(const running_trial& t) const {
  std::optional<std::int64_t> earliest;
  if (time_limit_) earliest = t.started + *time_limit_;
  if (progress_limit_) {
    const auto other = t.heard + *progress_limit_;
    earliest = std::min(earliest.value_or(other), other);
  }
  return earliest;
}

std::optional<std::int64_t> trial_deadlines::next() const {
  std::optional<std::int64_t> earliest;
  for (const auto& [n, t] : trials_)
    if (const auto one = deadline(t); one && !t.expired)
      earliest = std::min(earliest.value_or(*one), *one);
  return earliest;
}

std::vector<trial_deadlines::expired_trial> trial_deadlines::take_expired(std::int64_t now) {
  std::vector<expired_trial> found;
  for (auto& [n, t] : trials_) {
    if (t.expired || deadline(t).value_or(now + 1) > now) continue;
    const bool too_long = time_limit_ && t.started + *time_limit_ <= now;
    t.expired = now;
    found.push_back({n, too_long ? out_of_time_ : no_progress_});
  }
  return found;
}

bool trial_deadlines::all_stuck(std::int64_t now, std::int64_t grace_ns) const {
  return !trials_.empty() && std::ranges::all_of(trials_, [&](const auto& each) {
    return each.second.expired && now - *each.second.expired >= grace_ns;
  });
}

} // namespace troupe
