#include "search/life/study_course.hpp"

#include "search/life/waiting.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace troupe {

study_course::study_course(const study& s, std::size_t lookahead, study_machine::keeps_state who)
    : machine_{s, [this](const event_ptr& e) { crew_->publish(e); }, who},
      lookahead_{lookahead} {}

void study_course::begin(std::int64_t now) {
  if (machine_.last_seq() == 0) machine_.begin(now, origin_);
}

// -- trials come into being, and are placed -------------------------------------------------------

bool study_course::step(std::int64_t now) {
  go_live();
  if (ended_ || machine_.last_seq() == 0) return false;
  if (machine_.finished()) {
    if (placing_ == placing::waiting_for_slot) withdraw();
    if (placing_ == placing::idle) crew_->over();
    return false;
  }
  add_trials();
  if (placing_ != placing::idle || !machine_.wants_slot()) return false;
  if (const auto& returning = machine_.returning(); !returning.empty()) {
    acquire_for(*returning.begin(), now);
    return placing_ == placing::idle;
  }
  if (const auto n = std::exchange(chosen_before_, std::nullopt); n && waits(*n)) {
    acquire_for(*n, now);
    return placing_ == placing::idle;
  }
  if (scheduler_has_none_) return end_stranded(now);
  acquire(machine_.least_request());
  return placing_ == placing::idle; // it has been answered at once
}

void study_course::add_trials() {
  go_live();
  while (machine_.wants_trial(lookahead_) && !searcher_asked_ && !searcher_waits_) {
    searcher_asked_ = true;
    news_meanwhile_ = false;
    crew_->ask(suggest_trial{as_searcher_counts(machine_.next_number())});
  }
}

void study_course::suggested(suggested_trial s, std::int64_t now) {
  searcher_asked_ = false;
  searcher_waits_ = std::holds_alternative<not_now>(s.suggestion) && !news_meanwhile_;
  if (std::holds_alternative<exhausted>(s.suggestion)) machine_.searcher_exhausted();
  auto* c = std::get_if<config>(&s.suggestion);
  if (!c || machine_.winding_up()) return;
  const trial_number n = machine_.next_number();
  machine_.add(std::move(*c), s.seen, now);
  queue(n);
}

void study_course::searcher_failed(const std::string& why, std::int64_t now) {
  give_up("the searcher failed: " + why, now);
}

void study_course::give_up(const std::string& why, std::int64_t now) {
  if (broken_.empty()) broken_ = why;
  wind_up({why, reason_kind::broken}, trial_state::interrupted, now);
}

void study_course::queue(trial_number n) {
  scheduler_has_none_ = false;
  if (placing_ == placing::choosing) queued_meanwhile_.insert(n);
  tell(schedule_trial{n, machine_.config_of(n)});
}

/// The scheduler wants none of the paused trials, and nothing else can happen: they end. Returns
/// whether there were any.
bool study_course::end_stranded(std::int64_t now) {
  const auto stranded = machine_.stranded(searcher_waits_);
  for (const trial_number n : stranded) {
    machine_.stop_paused(
        n, {machine_.reason_of(n) + "; nobody else is left to run", reason_kind::stranded}, now);
    forget(n, true);
  }
  return !stranded.empty();
}

// -- trials report, and end -----------------------------------------------------------------------

study_course::taken study_course::report(trial_number n, int attempt, const metrics& m,
                                         bool has_checkpoint, double iteration_s, std::int64_t now,
                                         std::optional<int> iteration) {
  go_live();
  auto outcome = machine_.report(n, attempt, m, has_checkpoint, iteration_s, now, iteration);
  for (const auto& [owner, checkpoint] : outcome.drop_checkpoints)
    crew_->drop(owner, checkpoint);
  if (!outcome.recorded) {
    crew_->answer(n, attempt, outcome.verdict);
    return {};
  }
  observe(n);
  if (outcome.ask_scheduler) {
    judging_.insert(n);
    crew_->ask(judge_result{n, attempt, outcome.result});
  } else {
    crew_->answer(n, attempt, outcome.verdict);
  }
  end_if_over(now);
  return {true, std::move(outcome.result)};
}

study_course::taken study_course::finish(trial_number n, int attempt, const metrics& m,
                                         double iteration_s, std::int64_t now) {
  go_live();
  auto outcome = machine_.report(n, attempt, m, false, iteration_s, now);
  if (outcome.recorded) observe(n);
  if (!outcome.recorded && !outcome.repeated) return {};
  exited(n, attempt, std::nullopt, now);
  end_if_over(now);
  return {outcome.recorded, std::move(outcome.result)};
}

/// A stopper may end the study.
void study_course::end_if_over(std::int64_t now) {
  if (const auto why = machine_.over(); !why.empty())
    wind_up({why, reason_kind::stopper}, trial_state::stopped, now);
}

void study_course::judged(trial_number n, int attempt, const decision& d, std::int64_t now) {
  judging_.erase(n);
  crew_->answer(n, attempt, carry_out(n, attempt, d, now));
  change_others(d, now);
  scheduler_has_none_ = false;
  exit_if_early(n, now);
}

void study_course::exit_if_early(trial_number n, std::int64_t now) {
  if (const auto early = exited_early_.extract(n))
    exited(n, early.mapped().first, early.mapped().second, now);
}

verdict study_course::carry_out(trial_number n, int attempt, const decision& d, std::int64_t now) {
  const bool late = machine_.attempt_of(n) != attempt; // it has failed, and is tried again
  if (d.verdict == verdict::stop && !late) scheduler_knows_end_.insert(n);
  const auto v = machine_.decide(n, attempt, d, now);
  const auto early = ended_later_.extract(n);
  return early && !late && end_early(n, early.mapped(), now) ? verdict::stop : v;
}

void study_course::judging_failed(trial_number n, int attempt, const std::string& why,
                                  std::int64_t now) {
  judging_.erase(n);
  crew_->answer(n, attempt, verdict::stop);
  give_up("the scheduler failed: " + why, now);
  exit_if_early(n, now);
}

void study_course::observe(trial_number n) {
  auto o = machine_.outcome_of(n);
  if (!o) return; // it broke a promise, and fails
  inform({machine_.last_seq(), as_searcher_counts(n), machine_.iterations_of(n), std::move(o)});
}

study_machine::exit_kind study_course::exited(trial_number n, int attempt,
                                              const std::optional<cause>& error, std::int64_t now) {
  using kinds = study_machine::exit_kind;
  go_live();
  if (judging_.contains(n) && machine_.attempt_of(n) == attempt) {
    exited_early_.emplace(n, std::pair{attempt, error}); // its first word is its last
    return kinds::stale;
  }
  const auto had = machine_.lease_of(n);
  const auto kind = machine_.exited(n, attempt, error, now);
  if (kind == kinds::stale) return kind;
  crew_->release(had);
  scheduler_has_none_ = false;
  ended_later_.erase(n);
  if (kind == kinds::retried) retry(n);
  if (kind == kinds::ended) forget(n, false);
  if (placed_later_ == n) {
    placed_later_.reset();
    place(kind == kinds::paused ? std::optional{n} : std::nullopt, now);
  }
  end_if_failing_fast(n, now);
  return kind;
}

void study_course::end_if_failing_fast(trial_number n, std::int64_t now) {
  if (machine_.subject().fail_fast && machine_.state_of(n) == trial_state::failed)
    wind_up({"fail_fast: trial " + trial_id(n) + " failed", reason_kind::fail_fast},
            trial_state::interrupted, now);
}

void study_course::put_back(trial_number n, int attempt, const std::string& why, std::int64_t now) {
  go_live();
  const auto had = machine_.lease_of(n);
  if (machine_.put_back(n, attempt, why, now) == study_machine::exit_kind::stale) return;
  crew_->release(had);
  scheduler_has_none_ = false;
  retry(n);
}

void study_course::retry(trial_number n) {
  scheduler_knows_end_.erase(n);
  tell(trial_over{n, trial_over::how::failed, {}});
  queue(n);
}

/// A trial has ended for good; `waited`: without running until then. An interruption tells neither
/// the scheduler nor the searcher anything: the trial may be taken up again.
void study_course::forget(trial_number n, bool waited) {
  const trial_state state = machine_.state_of(n);
  if (state == trial_state::interrupted) return;
  if (machine_.is_known(n))
    return inform({machine_.last_seq(), as_searcher_counts(n), std::nullopt, machine_.outcome_of(n),
                   state == trial_state::stopped});
  const bool failed = state == trial_state::failed;
  const bool known = scheduler_knows_end_.erase(n) != 0;
  if (waited && !known)
    tell(trial_over{n, trial_over::how::removed, {}});
  else if (!known)
    tell(trial_over{n, failed ? trial_over::how::failed : trial_over::how::completed,
                    machine_.last_result_of(n)});
  inform({machine_.last_seq(), as_searcher_counts(n), std::nullopt, machine_.outcome_of(n),
          (known || waited) && !failed});
}

/// Ends the paused trials that end by decision `d`, which the scheduler has ended already, and
/// gives others the states, configurations and amounts that they go on with.
void study_course::change_others(const decision& d, std::int64_t now) {
  for (const trial_number n : d.also_stop) {
    if (!machine_.stop_paused(n, {d.reason, d.reason_kind}, now)) continue;
    scheduler_knows_end_.insert(n);
    if (is_final(machine_.state_of(n))) forget(n, true);
  }
  for (const exploit& e : d.exploits)
    if (!machine_.take_over(e, now)) keep(e.trial);
  for (const resize& r : d.resizes)
    machine_.resize(r, now);
}

/// An exploit came to nothing.
void study_course::keep(trial_number n) {
  if (!is_final(machine_.state_of(n))) tell(keep_config{n, machine_.config_of(n)});
}

void study_course::tell(const scheduler_news& news) {
  if (past_)
    troupe::inform(*past_->decides, news);
  else
    crew_->tell(news);
}

/// Tells the searcher something; while a journal is taken over, when it learned it then.
void study_course::inform(searcher_news news) {
  if (past_) return past_->news.push_back(std::move(news));
  crew_->tell(news);
  news_meanwhile_ = true;
  searcher_waits_ = false;
}

bool study_course::waits(trial_number n) const {
  return is_waiting(machine_.state_of(n));
}

} // namespace troupe
