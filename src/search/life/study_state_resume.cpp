#include "search/life/study_state.hpp"
#include "search/life/waiting.hpp"

#include <algorithm>
#include <utility>

/// Another part of study_state: what changes when a study goes on that was interrupted, or paused,
/// or whose process has died.
namespace troupe {

void study_state::apply(const event_kind::study_resumed& e, std::optional<trial_number>) {
  winding_up_.reset();
  ends_for_good_ = false;
  exhausted_ = false;
  is_paused_ = false;
  if (e.limits) limit(*e.limits);
  for (trial_entry& t : trials_) {
    const bool ran = t.summary.state == trial_state::running && !t.is_decided();
    if (ran || t.summary.state == trial_state::interrupted) await_return(t);
  }
  for (const trial_number n : e.retried)
    try_again(trials_.at(n));
}

void study_state::await_return(trial_entry& t) {
  t.repeats = true;
  t.summary.state = trial_state::pending;
  leave_slot(t);
  returning_.insert(t.summary.number);
  ++pending_;
}

void study_state::try_again(trial_entry& t) {
  t.failures = 0;
  follow_config(t);
  t.summary.state = trial_state::pending;
  ++pending_;
}

void study_state::apply(const event_kind::trial_retried&, std::optional<trial_number> n) {
  try_again(trials_.at(n.value()));
}

void study_state::apply(const event_kind::study_paused&, std::optional<trial_number>) {
  is_paused_ = true;
}

void study_state::apply(const event_kind::study_continued&, std::optional<trial_number>) {
  is_paused_ = false;
}

void study_state::apply(const event_kind::trial_held&, std::optional<trial_number> n) {
  trial_entry& t = trials_.at(n.value());
  t.summary.reason = std::exchange(t.ending, nullptr)->why.text;
  await_return(t);
}

void study_state::apply(const event_kind::limits_changed& e, std::optional<trial_number>) {
  limit(e.limits);
  exhausted_ = false; // the searcher is asked once more
}

void study_state::limit(const study_limits& limits) {
  limited_ = true;
  study_ = with_limits(std::move(study_), limits);
  least_.reset();
  total_ = number_of_trials(study_) + added_;
  for (trial_entry& t : trials_) {
    if (t.kept) t.kept->keeper.keep(study_.keep_best, study_.keep_last);
    follow_config(t);
  }
}

void study_state::apply(const event_kind::checkpoint_taken& e, std::optional<trial_number> n) {
  take_checkpoint(n.value(), e.checkpoint, e.iteration, e.total_s, kept_value(e.metrics));
  trial_entry& t = trials_[*n];
  if (e.iteration == t.summary.iterations) t.summary.checkpoint = e.checkpoint;
  if (t.summary.best_report && t.summary.best_report->iteration == e.iteration) pin_last(t);
}

void study_state::apply(const event_kind::checkpoint_lost& e, std::optional<trial_number> n) {
  trial_entry& t = trials_.at(n.value());
  if (!t.kept) return;
  auto& [keeper, marks, spares] = *t.kept;
  keeper.lose(e.checkpoint);
  for (auto* each : {&marks, &spares})
    std::erase_if(*each, [&](const checkpoint_mark& m) { return m.checkpoint == e.checkpoint; });
  std::erase_if(spares, [&](const checkpoint_mark& m) { return is_ahead(m, t); });
  if (!spares.empty() && (marks.empty() || marks.back().checkpoint < spares.back().checkpoint)) {
    const auto& spare = marks.emplace_back(spares.back());
    spares.pop_back();
    keeper.take_back(spare.checkpoint, spare.value);
    std::erase(unneeded_, std::pair{*n, spare.checkpoint});
  }
  if (t.summary.checkpoint == e.checkpoint) t.summary.checkpoint.reset();
  t.summary.best_checkpoint = keeper.best();
  if (is_waiting(t.summary.state) && !t.goes_on_as_another())
    t.repeats = true; // else it reports anew
  if (t.resume_checkpoint == e.checkpoint) fall_back(t);
  for (trial_entry& other : trials_) {
    if (borrowed_by(other.summary.number) != std::pair{*n, e.checkpoint}) continue;
    other.borrowed.reset();
    if (!other.resume_checkpoint) fall_back(other);
  }
}

void study_state::fall_back(trial_entry& t) {
  t.resume_iteration = 0;
  t.resume_s = 0;
  t.resume_checkpoint.reset();
  if (t.borrowed) {
    t.resume_iteration = t.borrowed->iteration;
    t.resume_s = t.borrowed->total_s;
  }
  const auto* last = last_mark(t, t.borrowed ? t.borrowed->first_own : 0);
  if (!last) return;
  t.resume_iteration = last->iteration;
  t.resume_s = last->total_s;
  t.resume_checkpoint = last->checkpoint;
}

} // namespace troupe
