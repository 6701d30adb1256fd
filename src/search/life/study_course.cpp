#include "search/life/study_course.hpp"

#include <utility>
#include <variant>

namespace troupe {

study_course::study_course(const study& s, correctable_scheduler& decides, searcher& suggests,
                           std::function<void(const event_ptr&)> sink,
                           study_machine::keeps_state who)
    : study_{s},
      scheduler_{decides},
      searcher_{suggests},
      machine_{s, std::move(sink), who},
      lookahead_{decides.lookahead()} {}

// -- trials come into being, and are placed -------------------------------------------------------

std::optional<study_course::start> study_course::place(const lease& l, std::int64_t now,
                                                       const std::optional<std::string>& client) {
  // Whoever is chosen makes room for one more to choose from; an aftermath may do so too.
  for (add_trials(now); machine_.wants_slot(); add_trials(now)) {
    if (scheduler_has_none_ && !end_stranded(now)) return std::nullopt;
    if (const auto n = choose(now))
      if (const auto order = machine_.start(*n, l, now, client)) return start{*n, *order};
  }
  return std::nullopt;
}

std::optional<trial_number> study_course::choose(std::int64_t now) {
  if (scheduler_has_none_) return std::nullopt;
  const auto chosen = scheduler_.choose();
  scheduler_has_none_ = !chosen;
  for (const decision& d : scheduler_.aftermath())
    change_others(d, now);
  return chosen;
}

/// The scheduler wants none of the paused trials, and nothing else can happen: they end. Returns
/// whether there were any.
bool study_course::end_stranded(std::int64_t now) {
  const auto stranded = machine_.stranded(searcher_waits_);
  for (const trial_number n : stranded) {
    machine_.stop_paused(n, machine_.reason_of(n) + "; nobody else is left to run", now);
    scheduler_.removed(n);
    scheduler_knows_end_.insert(n);
    forget(n);
  }
  return !stranded.empty();
}

void study_course::add_trials(std::int64_t now) {
  if (std::exchange(restoring_, false)) settle_exploits();
  catch_up(machine_.last_seq());
  while (machine_.wants_trial(lookahead_) && !searcher_waits_ && add_trial(now)) {
  }
}

bool study_course::add_trial(std::int64_t now) {
  const trial_number n = machine_.next_number();
  auto suggested = searcher_.suggest(n);
  searcher_waits_ = std::holds_alternative<not_now>(suggested);
  if (std::holds_alternative<exhausted>(suggested)) machine_.searcher_exhausted();
  auto* c = std::get_if<config>(&suggested);
  if (!c) return false;
  machine_.add(std::move(*c), seen_, now);
  queue(n);
  return true;
}

void study_course::queue(trial_number n) {
  scheduler_has_none_ = false;
  scheduler_.configured(n, machine_.config_of(n));
  scheduler_.added(n);
}

// -- trials report, and end -----------------------------------------------------------------------

study_course::answer study_course::report(trial_number n, int attempt, const metrics& m,
                                          bool has_checkpoint, double iteration_s, std::int64_t now,
                                          std::optional<int> iteration) {
  const auto outcome = machine_.report(n, attempt, m, has_checkpoint, iteration_s, now, iteration);
  answer a{outcome.verdict, {}, outcome.result, outcome.recorded};
  if (!outcome.recorded) return a;
  observe(n);
  if (outcome.ask_scheduler) judge(n, attempt, a, now);
  if (const auto why = machine_.over(); !why.empty()) {
    wind_up(why, trial_state::stopped, now);
    a.verdict = verdict::stop;
  }
  if (a.verdict != verdict::proceed) a.reason = machine_.ending_reason_of(n);
  return a;
}

study_course::answer study_course::finish(trial_number n, int attempt, const metrics& m,
                                          double iteration_s, std::int64_t now) {
  const auto outcome = machine_.report(n, attempt, m, false, iteration_s, now);
  answer a{outcome.verdict, {}, outcome.result, outcome.recorded};
  if (!outcome.recorded) return a;
  observe(n);
  exited(n, attempt, std::nullopt, now);
  if (const auto why = machine_.over(); !why.empty()) wind_up(why, trial_state::stopped, now);
  return a;
}

void study_course::judge(trial_number n, int attempt, answer& a, std::int64_t now) {
  const auto d = ask_scheduler(n, a.result);
  a.verdict = machine_.decide(n, attempt, d, now);
  change_others(d, now);
}

decision study_course::ask_scheduler(trial_number n, const result& r) {
  auto d = scheduler_.reported(n, r);
  scheduler_has_none_ = false;
  if (d.verdict == verdict::stop) {
    scheduler_.completed(n, r);
    scheduler_knows_end_.insert(n);
  }
  return d;
}

void study_course::observe(trial_number n) {
  auto o = machine_.outcome_of(n);
  if (!o) return; // it broke a promise, and fails
  inform([n, iteration = machine_.iterations_of(n), last = std::move(*o)](searcher& s) {
    s.observe(n, iteration, last);
  });
}

study_machine::exit_kind study_course::exited(trial_number n, int attempt,
                                              const std::optional<std::string>& error,
                                              std::int64_t now) {
  const auto kind = machine_.exited(n, attempt, error, now);
  if (kind != study_machine::exit_kind::stale) scheduler_has_none_ = false;
  if (kind == study_machine::exit_kind::retried) retry(n);
  if (kind == study_machine::exit_kind::ended) {
    forget(n);
    if (study_.fail_fast && machine_.state_of(n) == trial_state::failed)
      wind_up("fail_fast: trial " + trial_id(n) + " failed", trial_state::interrupted, now);
  }
  return kind;
}

void study_course::retry(trial_number n) {
  scheduler_knows_end_.erase(n);
  scheduler_.failed(n);
  queue(n);
}

/// A trial has ended for good.
void study_course::forget(trial_number n) {
  const trial_state state = machine_.state_of(n);
  const bool scheduler_stopped = scheduler_knows_end_.erase(n) != 0;
  if (state != trial_state::interrupted && !scheduler_stopped) {
    if (state == trial_state::failed)
      scheduler_.failed(n);
    else
      scheduler_.completed(n, machine_.last_result_of(n));
  }
  inform([n, last = machine_.outcome_of(n), scheduler_stopped](searcher& s) {
    if (scheduler_stopped && last)
      s.stopped(n, last);
    else
      s.complete(n, last);
  });
}

/// Tells the searcher something; while a journal is taken over, when it learned it then.
void study_course::inform(std::function<void(searcher&)> news) {
  news_.emplace_back(machine_.last_seq(), std::move(news));
  if (!restoring_) catch_up(machine_.last_seq());
}

/// Gives the searcher the news up to event `seq`.
void study_course::catch_up(std::uint64_t seq) {
  for (; !news_.empty() && news_.front().first <= seq; news_.pop_front()) {
    news_.front().second(searcher_);
    seen_ = news_.front().first;
    searcher_waits_ = false;
  }
}

/// Ends the paused trials that end by decision `d`, which the scheduler has ended already, and
/// gives others the states and configurations that they go on with.
void study_course::change_others(const decision& d, std::int64_t now) {
  for (const trial_number n : d.also_stop) {
    if (!machine_.stop_paused(n, d.reason, now)) continue;
    scheduler_knows_end_.insert(n);
    if (is_final(machine_.state_of(n))) forget(n);
  }
  for (const exploit& e : d.exploits)
    if (!machine_.take_over(e, now)) keep_config(e.trial);
  for (const resize& r : d.resizes)
    machine_.resize(r, now);
}

/// An exploit came to nothing.
void study_course::keep_config(trial_number n) {
  if (!is_final(machine_.state_of(n))) scheduler_.configured(n, machine_.config_of(n));
}

std::vector<trial_number> study_course::wind_up(const std::string& reason,
                                                trial_state running_become, std::int64_t now) {
  return machine_.wind_up(reason, running_become, now);
}

// -- a journal is taken over ----------------------------------------------------------------------

void study_course::restore(const event& e) {
  restoring_ = true;
  if (!std::holds_alternative<event_kind::trial_exploited>(e.body)) settle_exploits();
  machine_.apply(e);
  std::visit([&](const auto& body) { follow(body, e.trial.value_or(0)); }, e.body);
}

void study_course::follow(const event_kind::trial_added& e, trial_number n) {
  catch_up(e.seen);
  searcher_.recall(n, e.config);
  queue(n);
}

void study_course::follow(const event_kind::trial_started&, trial_number n) {
  const auto chosen = scheduler_.choose();
  for (const decision& d : scheduler_.aftermath())
    expect(d); // the others' ends are events
  if (chosen == n) return;
  if (chosen) scheduler_.correct(*chosen, machine_.state_of(*chosen));
  scheduler_.correct(n, trial_state::running);
}

void study_course::follow(const event_kind::trial_reported&, trial_number n) {
  observe(n);
  if (!machine_.scheduler_judges(n)) return;
  const auto d = ask_scheduler(n, machine_.last_result_of(n).value());
  if (d.exploits.empty())
    expect(d);
  else
    undecided_.insert_or_assign(n, d); // its exploits come after the event of the decision
}

void study_course::follow(const event_kind::trial_decided&, trial_number n) {
  if (auto node = undecided_.extract(n)) expect(node.mapped());
}

void study_course::follow(const event_kind::trial_exploited&, trial_number n) {
  std::erase(expected_, n);
}

/// Trials will have ended or changed by `d`, as the next events tell.
void study_course::expect(const decision& d) {
  scheduler_knows_end_.insert(d.also_stop.begin(), d.also_stop.end());
  for (const exploit& e : d.exploits)
    expected_.push_back(e.trial);
}

/// The exploits that no event tells of came to nothing.
void study_course::settle_exploits() {
  for (const trial_number n : std::exchange(expected_, {}))
    keep_config(n);
}

void study_course::follow(const event_kind::trial_failed& e, trial_number n) {
  if (e.retry) retry(n);
}

void study_course::follow(const event_kind::trial_ended&, trial_number n) {
  forget(n);
}

} // namespace troupe
