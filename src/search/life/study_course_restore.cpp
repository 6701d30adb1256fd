#include "search/life/study_course.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <variant>
#include <vector>

/// The other half of study_course: how a journal is taken over.
namespace troupe {

void study_course::restore(const event& e, correctable_scheduler& decides,
                           informed_searcher& suggests) {
  if (!past_) past_ = past{};
  past_->decides = &decides;
  past_->suggests = &suggests;
  unfold(e);
  past_->returning = e.trial && machine_.returning().contains(*e.trial);
  past_->waited =
      e.trial && *e.trial < machine_.next_number() && waits(*e.trial) && !past_->returning;
  machine_.apply(e);
  std::visit([&](const auto& body) { follow(body, e.trial.value_or(0)); }, e.body);
}

/// The journal has been taken over: what is left of it to be said is said by the crew.
void study_course::go_live() {
  if (!past_) return;
  const past left = *std::exchange(past_, std::nullopt);
  for (const exploit& e : left.unfolding.exploits)
    keep(e.trial);
  for (const auto& news : left.news)
    inform(news);
}

void study_course::resume(const resumption& how, std::int64_t now) {
  if (past_) {
    past left = std::move(*past_);
    past_.reset();
    for (auto& news : std::exchange(left.news, {}))
      inform(std::move(news));
    decide_the_undecided(left, how, now);
  }
  for (const auto& [n, checkpoint] : how.found)
    machine_.saved(n, checkpoint, now);
  const auto retried = machine_.resume(how.limits, how.retry_failed, now);
  leave_the_ended(now);
  for (const auto& [n, checkpoint] : how.lost) { // also of trials that have just been paused
    machine_.lost(n, checkpoint, now);
    crew_->drop(n, checkpoint);
  }
  for (const auto& [n, checkpoint] : how.found) // now what has taken the place of a lost one
    machine_.saved(n, checkpoint, now);
  for (const trial_number n : retried)
    queue(n);
  know_all(how.known, now);
  end_if_over(now);
}

/// What was said to a report and never done, because the process died, is done now.
void study_course::decide_the_undecided(past& left, const resumption& how, std::int64_t now) {
  drop_vain_exploits(left.unfolding, how);
  change_others(left.unfolding, now);
  for (auto& [n, d] : left.undecided) {
    // Of one that proceeds no event tells, so its exploits may have been made.
    if (d.verdict == verdict::proceed) d.exploits.clear();
    drop_vain_exploits(d, how);
    carry_out(n, machine_.attempt_of(n), d, now);
    change_others(d, now);
  }
  const auto running = machine_.running_trials();
  for (const trial_number n : running)
    machine_.rule(n, now);
}

/// What is not on the disk cannot be taken over: whoever was to do so keeps what it has. One that
/// goes on with another configuration from a checkpoint of its own falls back to the one before.
void study_course::drop_vain_exploits(decision& d, const resumption& how) {
  const auto vain =
      std::stable_partition(d.exploits.begin(), d.exploits.end(), [&](const exploit& e) {
        const auto last = machine_.origin_of(e.donor);
        return e.donor == e.trial || !last || std::ranges::find(how.lost, *last) == how.lost.end();
      });
  for (auto each = vain; each != d.exploits.end(); ++each)
    keep(each->trial);
  d.exploits.erase(vain, d.exploits.end());
}

/// Trials that were told to stop or to pause, and whose functions have died with the process, have
/// left.
void study_course::leave_the_ended(std::int64_t now) {
  using kinds = study_machine::exit_kind;
  const auto running = machine_.running_trials();
  for (const trial_number n : running) {
    const auto kind = machine_.exited(n, machine_.attempt_of(n), std::nullopt, now);
    if (kind == kinds::retried) retry(n);
    if (kind == kinds::ended) forget(n, false);
  }
}

void study_course::follow(const event_kind::trial_added& e, trial_number n) {
  if (e.by) return adopt(n);
  auto& news = past_->news;
  for (; !news.empty() && news.front().seq <= e.seen; news.pop_front())
    past_->suggests->inform(news.front());
  past_->suggests->recall(as_searcher_counts(n), e.config);
  queue(n);
}

void study_course::follow(const event_kind::trial_started&, trial_number n) {
  // For the scheduler one that returns has run all the time, and one that is known never runs.
  if (past_->returning || machine_.is_known(n)) return;
  const auto before = std::exchange(chosen_before_, std::nullopt);
  if (before == n) return;
  if (before) past_->decides->correct(*before, machine_.state_of(*before));
  const auto chosen = choose_again();
  if (chosen == n) return;
  if (chosen) past_->decides->correct(*chosen, machine_.state_of(*chosen));
  past_->decides->correct(n, trial_state::running);
}

std::optional<trial_number> study_course::choose_again() {
  const auto [chosen, aftermath] = consult(*past_->decides, choose_trial{});
  for (const decision& d : aftermath)
    expect_stops(d);
  return chosen;
}

void study_course::follow(const event_kind::choice_asked&, trial_number) {
  chosen_before_ = choose_again();
  const auto is_chosen = [this](const auto& said) { return said.first == chosen_before_; };
  if (std::ranges::none_of(past_->undecided, is_chosen)) drop_if_it_runs();
}

/// A trial that was chosen as if it had paused runs on, if it came without a checkpoint.
void study_course::drop_if_it_runs() {
  if (chosen_before_ && !waits(*chosen_before_) && !machine_.pausing(*chosen_before_))
    chosen_before_.reset();
}

void study_course::follow(const event_kind::trial_reported&, trial_number n) {
  take_undecided(n);
  observe(n);
  if (!machine_.scheduler_judges(n)) return;
  const auto d = consult(
      *past_->decides, judge_result{n, machine_.attempt_of(n), machine_.last_result_of(n).value()});
  if (d.verdict == verdict::stop) scheduler_knows_end_.insert(n);
  expect_stops(d);
  if (d.verdict != verdict::proceed || !d.also_stop.empty() || !d.resizes.empty())
    past_->undecided.emplace_back(n, d); // its exploits come after the event of the decision
}

/// Events tell which of those that were also to stop could be stopped: those that paused.
void study_course::expect_stops(const decision& d) {
  for (const trial_number n : d.also_stop)
    past_->also_stopped.insert_or_assign(n, d.reason);
}

void study_course::note_stop(trial_number n, const std::string& reason) {
  const auto expected = past_->also_stopped.extract(n);
  if (expected && expected.mapped() == reason) scheduler_knows_end_.insert(n);
}

void study_course::follow(const event_kind::trial_decided& e, trial_number n) {
  note_stop(n, e.reason);
  if (auto said = take_undecided(n)) past_->unfolding = *std::move(said);
  if (chosen_before_ == n) drop_if_it_runs();
}

/// Returns what was said to the last report of trial `n`, if no event has told of it.
std::optional<decision> study_course::take_undecided(trial_number n) {
  auto& all = past_->undecided;
  const auto found = std::ranges::find(all, n, &std::pair<trial_number, decision>::first);
  if (found == all.end()) return std::nullopt;
  auto said = std::move(found->second);
  all.erase(found);
  return said;
}

/// What a decision means for others, events tell that follow it at once. When another one comes,
/// the exploits that none has told of came to nothing.
void study_course::unfold(const event& e) {
  using namespace event_kind;
  auto& d = past_->unfolding;
  const auto of_this = [&](const auto& change) { return change.trial == e.trial; };
  if (std::holds_alternative<trial_exploited>(e.body) && std::erase_if(d.exploits, of_this) > 0)
    return;
  if (std::holds_alternative<trial_resized>(e.body) && std::erase_if(d.resizes, of_this) > 0)
    return;
  const bool ends =
      std::holds_alternative<trial_ended>(e.body) || std::holds_alternative<trial_decided>(e.body);
  if (ends && std::erase(d.also_stop, e.trial.value()) > 0) return;
  for (const exploit& each : std::exchange(d, {}).exploits)
    keep(each.trial);
}

void study_course::follow(const event_kind::trial_failed& e, trial_number n) {
  take_undecided(n);
  if (chosen_before_ == n) chosen_before_.reset();
  if (e.retry) retry(n);
}

void study_course::follow(const event_kind::study_resumed& e, trial_number) {
  for (const trial_number n : e.retried)
    queue(n);
}

void study_course::follow(const event_kind::trial_retried&, trial_number n) {
  queue(n);
}

void study_course::follow(const event_kind::trial_ended& e, trial_number n) {
  note_stop(n, e.reason);
  take_undecided(n);
  if (chosen_before_ == n) chosen_before_.reset();
  forget(n, past_->waited);
}

} // namespace troupe
