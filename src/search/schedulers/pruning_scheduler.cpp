#include "search/schedulers/pruning_scheduler.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <utility>

namespace troupe {

namespace {

/// Returns the step of a report. Throws std::invalid_argument if its time cannot be one.
std::int64_t step_of(const result& r) {
  constexpr double most = 9007199254740992; // 2^53: from here on not every integer is a double
  if (r.time >= 0 && r.time <= most) return static_cast<std::int64_t>(r.time);
  throw std::invalid_argument{
      fmt::format("a pruning rule needs times from 0 to 2^53; found {}", r.time)};
}

} // namespace

pruning_scheduler::pruning_scheduler(const study& s)
    : mode_{s.mode},
      rule_{make_pruning_rule(s.scheduler.name, s.scheduler.options, {s.mode, s.name})} {}

void pruning_scheduler::added(trial_number n) {
  judged_.reset();
  queue_.append(n);
  seats_.try_emplace(n, seat{report_history{mode_}});
}

decision pruning_scheduler::reported(trial_number n, const result& r) {
  auto& trial = seats_.at(n);
  const auto step = step_of(r);
  if (std::exchange(trial.is_retry, false)) trial.reports.rewind(step);
  trial.reports.add(step, r.value);
  auto answer = rule_->judge(n, trial.reports);
  trial.pruned = answer.prune;
  judged_ = n;
  if (!answer.prune) return {};
  return {verdict::stop, std::move(answer.reason)};
}

void pruning_scheduler::completed(trial_number n, const std::optional<result>& last) {
  const auto found = seats_.find(n);
  if (found != seats_.end() && !found->second.pruned && last && !std::isnan(last->value)) {
    auto& reports = found->second.reports;
    if (reports.add(step_of(*last), last->value)) rule_->judge(n, reports);
    rule_->completed(n, reports, rule_->final_value(reports));
  }
  removed(n);
}

void pruning_scheduler::failed(trial_number n) {
  judged_.reset();
  queue_.forget(n);
  if (const auto found = seats_.find(n); found != seats_.end()) found->second.is_retry = true;
}

void pruning_scheduler::removed(trial_number n) {
  judged_.reset();
  queue_.forget(n);
  if (seats_.erase(n) > 0) rule_->forget(n);
}

std::optional<trial_number> pruning_scheduler::choose() {
  judged_.reset();
  return queue_.take();
}

// A verdict that is corrected to "running" was the opposite: the trial was not told to stop, or it
// was and ends now.
void pruning_scheduler::correct(trial_number n, trial_state state) {
  queue_.set(n, state);
  if (judged_ != n) return;
  auto& pruned = seats_.at(n).pruned;
  pruned = state == trial_state::running && !pruned;
  judged_.reset();
}

} // namespace troupe
