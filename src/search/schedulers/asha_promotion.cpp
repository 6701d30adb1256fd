#include "search/schedulers/asha_promotion.hpp"

#include <fmt/format.h>

namespace troupe {

asha_promotion::asha_promotion(const study& s)
    : options_{read_asha_options(s.scheduler.options)},
      sign_{s.mode == direction::max ? 1.0 : -1.0} {
  for (const double milestone : asha_ladder(options_))
    if (milestone < options_.max_t) rungs_.emplace_back(milestone, options_.reduction_factor);
}

void asha_promotion::added(trial_number n) {
  queue_.append(n);
  goals_.try_emplace(n, 0);
}

decision asha_promotion::reported(trial_number n, const result& r) {
  if (options_.stop_last_trials && r.time >= options_.max_t)
    return {.verdict = verdict::stop,
            .reason = fmt::format("asha: max_t {:g} reached", options_.max_t),
            .reason_kind = reason_kind::max_t};
  const auto at = rung_of(n);
  if (!at || r.time < at->milestone()) return {};
  record(*at, n, r);
  at->set_waiting(n, true);
  return {verdict::pause, fmt::format("asha: waits at rung {:g} to be among the best 1/{:g}",
                                      at->milestone(), options_.reduction_factor)};
}

void asha_promotion::completed(trial_number n, const std::optional<result>& last) {
  const auto at = rung_of(n);
  if (at && last && last->time >= at->milestone()) record(*at, n, *last);
  removed(n);
}

void asha_promotion::failed(trial_number n) {
  wait_no_more(n);
  queue_.forget(n);
}

void asha_promotion::removed(trial_number n) {
  failed(n);
  goals_.erase(n);
}

std::optional<trial_number> asha_promotion::choose() {
  for (std::size_t k = rungs_.size(); k-- > 0;)
    if (const auto best = rungs_[k].promotable()) {
      rungs_[k].set_waiting(*best, false);
      goals_[*best] = k + 1;
      return best;
    }
  return queue_.take();
}

void asha_promotion::correct(trial_number n, trial_state state) {
  const auto at = rung_of(n);
  const bool at_rung = at && at->holds(n);
  if (at_rung) at->set_waiting(n, state == trial_state::paused);
  // One that waits at a rung is chosen there; a pause anywhere else is none of ours.
  queue_.set(n, at_rung && state == trial_state::paused ? trial_state::running : state);
}

promotion_rung* asha_promotion::rung_of(trial_number n) {
  const auto goal = goals_.at(n);
  return goal < rungs_.size() ? &rungs_[goal] : nullptr;
}

void asha_promotion::record(promotion_rung& at, trial_number n, const result& r) {
  if (!at.holds(n)) at.record(n, sign_ * r.value);
}

void asha_promotion::wait_no_more(trial_number n) {
  if (const auto at = rung_of(n); at && at->holds(n)) at->set_waiting(n, false);
}

} // namespace troupe
