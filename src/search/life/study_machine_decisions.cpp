#include "search/life/study_machine.hpp"
#include "search/life/waiting.hpp"

#include <algorithm>

/// What a study_machine makes of the decisions of schedulers.
namespace troupe {

namespace {

/// A trial that pauses needs no other reason than that it does.
reason_kind kind_of(const decision& d) noexcept {
  return d.verdict == verdict::stop ? d.reason_kind : reason_kind::none;
}

} // namespace

verdict study_machine::decide(trial_number n, int attempt, const decision& d, std::int64_t now) {
  trial_entry* t = current(n, attempt);
  if (!t || t->is_decided()) {
    if (d.verdict != verdict::proceed)
      emit(now, n,
           event_kind::trial_decided{trials_.at(n).summary.iterations, d.verdict, d.reason,
                                     trials_[n].summary.state, true, kind_of(d)});
    return verdict::stop;
  }
  const int iteration = t->summary.iterations;
  const bool interrupted = t->ending != nullptr; // it returns in any case, and goes on later
  auto v = d.verdict;
  if (v == verdict::stop)
    emit(now, n,
         event_kind::trial_decided{iteration, d.verdict, d.reason, trial_state::stopped, false,
                                   kind_of(d)});
  if (v == verdict::pause) v = pause(n, d, now);
  if (interrupted) return verdict::stop;
  return v == verdict::proceed ? go_on_or_leave(n, now) : v;
}

verdict study_machine::go_on_or_leave(trial_number n, std::int64_t now) {
  const trial_entry& t = trials_[n];
  if (!is_paused_ || t.known || t.resume_iteration != t.reached) return verdict::proceed;
  emit(now, n,
       event_kind::trial_decided{t.summary.iterations, verdict::pause, "the study is paused",
                                 trial_state::pending});
  return verdict::pause;
}

void study_machine::pause_study(const std::string& by, std::int64_t now) {
  emit(now, std::nullopt, event_kind::study_paused{by});
}

void study_machine::go_on(std::int64_t now) {
  emit(now, std::nullopt, event_kind::study_continued{});
}

void study_machine::change_limits(const study_limits& limits, const std::string& by,
                                  std::int64_t now) {
  emit(now, std::nullopt, event_kind::limits_changed{limits, by});
}

void study_machine::retry(trial_number n, std::int64_t now) {
  emit(now, n, event_kind::trial_retried{});
}

verdict study_machine::pause(trial_number n, const decision& d, std::int64_t now) {
  const trial_entry& t = trials_[n];
  const int iteration = t.summary.iterations;
  const auto own = std::ranges::find(d.exploits, n, &exploit::trial);
  const bool exploits = own != d.exploits.end() && can_donate(own->donor);
  auto reason = d.reason;
  if (own != d.exploits.end() && !exploits)
    reason += "; nothing taken over: trial " + trial_id(own->donor) + " has no checkpoint";
  // Without a checkpoint of this report a pause would lose work: the trial goes on instead.
  if (t.resume_iteration != iteration && !exploits) {
    emit(now, n,
         event_kind::trial_decided{iteration, d.verdict,
                                   reason + "; not paused: the report has no checkpoint",
                                   trial_state::running});
    return verdict::proceed;
  }
  emit(now, n, event_kind::trial_decided{iteration, d.verdict, reason, trial_state::paused});
  return verdict::pause;
}

bool study_machine::take_over(const exploit& e, std::int64_t now) {
  if (ends_for_good_ || e.trial >= trials_.size() || !can_donate(e.donor)) return false;
  if (trials_[e.trial].summary.state != trial_state::paused && !pausing(e.trial)) return false;
  const trial_entry& donor = trials_[e.donor];
  emit(now, e.trial,
       event_kind::trial_exploited{e.donor, *donor.resume_checkpoint, donor.resume_iteration,
                                   donor.resume_s, e.config});
  return true;
}

bool study_machine::resize(const troupe::resize& r, std::int64_t now) {
  if (ends_for_good_ || r.trial >= trials_.size()) return false;
  if (!is_waiting(trials_[r.trial].summary.state) && !pausing(r.trial)) return false;
  emit(now, r.trial, event_kind::trial_resized{r.request});
  return true;
}

bool study_machine::stop_paused(trial_number n, const cause& why, std::int64_t now) {
  if (trials_.at(n).summary.state == trial_state::paused)
    emit(now, n, event_kind::trial_ended{trial_state::stopped, why.text, why.kind});
  else if (pausing(n))
    tell_to_end(n, why, trial_state::stopped, now);
  else
    return false;
  return true;
}

void study_machine::tell_to_end(trial_number n, const cause& why, trial_state becomes,
                                std::int64_t now) {
  emit(now, n,
       event_kind::trial_decided{trials_.at(n).summary.iterations, verdict::stop, why.text, becomes,
                                 false, why.kind});
}

bool study_machine::stop(trial_number n, const cause& why, std::int64_t now) {
  const trial_entry& t = trials_.at(n);
  if (winding_up_) return false;
  if (t.summary.state == trial_state::pending)
    emit(now, n, event_kind::trial_ended{trial_state::stopped, why.text, why.kind});
  else if (t.summary.state == trial_state::running && !t.is_ending())
    tell_to_end(n, why, trial_state::stopped, now);
  else
    return stop_paused(n, why, now);
  return true;
}

bool study_machine::expire(trial_number n, const cause& why, std::int64_t now) {
  const trial_entry& t = trials_.at(n);
  if (t.summary.state != trial_state::running || t.is_ending()) return false;
  tell_to_end(n, why, trial_state::failed, now);
  return true;
}

void study_machine::refuse(trial_number n, const cause& why, std::int64_t now) {
  emit(now, n, event_kind::trial_ended{trial_state::failed, why.text, why.kind});
}

std::vector<trial_number> study_machine::stranded(bool searcher_waits) const {
  std::vector<trial_number> found;
  if (winding_up_ || !running_.empty() || pending_ > 0) return found;
  if (!no_more() && !searcher_waits) return found;
  for (const trial_entry& t : trials_)
    if (t.summary.state == trial_state::paused) found.push_back(t.summary.number);
  return found;
}

} // namespace troupe
