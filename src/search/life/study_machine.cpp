#include "search/life/study_machine.hpp"

#include "base/json.hpp"
#include "search/life/judging.hpp"
#include "search/life/retry_wait.hpp"
#include "search/life/waiting.hpp"
#include "search/schedulers/registry.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace troupe {

namespace {

std::string names_of(const metrics& m) {
  std::string names;
  for (const auto& [name, value] : m)
    names += (names.empty() ? "" : ", ") + name;
  return names.empty() ? "none" : names;
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

/// What the study's own rules say to report `iteration`.
event_kind::trial_decided told_to_stop(int iteration, const cause& why, trial_state becomes) {
  return {iteration, verdict::stop, why.text, becomes, false, why.kind};
}

} // namespace

study_machine::study_machine(const study& s, std::function<void(const event_ptr&)> sink,
                             keeps_state who)
    : study_state{s, who},
      sink_{std::move(sink)} {
  const auto judge = judging_scheduler(s);
  const auto* require = judge.options.if_contains("require_attrs");
  requires_time_ = require && *require == boost::json::value(true);
}

void study_machine::emit(std::int64_t now, std::optional<trial_number> n, event_body body) {
  if (std::holds_alternative<event_kind::trial_started>(body)) choosing_ = false;
  note_choice(now);
  const auto e = std::make_shared<const event>(event{seq_ + 1, now, n, std::move(body)});
  apply(*e);
  sink_(e);
}

void study_machine::note_choice(std::int64_t now) {
  if (std::exchange(choosing_, false)) emit(now, std::nullopt, event_kind::choice_asked{});
}

void study_machine::begin(std::int64_t now, const study_origin& from) {
  emit(now, std::nullopt,
       event_kind::study_started{study_.name, total_, keeps_state_ != keeps_state::client,
                                 from.identity, from.program});
}

// -- trials come into being -----------------------------------------------------------------------

bool study_machine::wants_trial(std::size_t lookahead) const noexcept {
  return !winding_up_ && !is_paused_ && !no_more() && pending_ - returning_.size() < lookahead;
}

void study_machine::add(config c, std::uint64_t seen, std::int64_t now) {
  emit(now, next_number(), event_kind::trial_added{std::move(c), seen});
}

void study_machine::add_for(const std::string& by, config c, bool within, std::int64_t now) {
  emit(now, next_number(), event_kind::trial_added{std::move(c), seq_, by, false, {}, within});
}

void study_machine::add_known(const known_trial& known, config c, std::int64_t now) {
  emit(now, next_number(),
       event_kind::trial_added{std::move(c), seq_, known.by, true, known.optuna_trial});
}

// -- trials run -----------------------------------------------------------------------------------

bool study_machine::wants_slot() const noexcept {
  return !winding_up_ && !is_paused_ && pending_ + paused_ > 0 &&
         (!study_.max_concurrent || running_.size() < *study_.max_concurrent);
}

std::optional<study_machine::start_order>
study_machine::start(trial_number n, const lease& l, std::int64_t now,
                     const std::optional<std::string>& client) {
  const trial_entry& t = trials_.at(n);
  if (!is_waiting(t.summary.state) || winding_up_) return std::nullopt;
  const double wait_s = t.retried ? retry_wait_s(t.failures) : 0;
  emit(now, n, event_kind::trial_started{t.attempt + 1, t.resume_iteration, l, client});
  return start_order{t.attempt, t.resume_iteration, wait_s};
}

trial_entry* study_machine::current(trial_number n, int attempt) {
  if (n >= trials_.size()) return nullptr;
  trial_entry& t = trials_[n];
  return t.summary.state == trial_state::running && t.attempt == attempt ? &t : nullptr;
}

std::optional<cause> study_machine::stopped_by(const trial_entry& t, const metrics& m) const {
  if (const auto metric = diverged_metric(study_, m); !metric.empty())
    return cause{metric + " is nan: the training has diverged", reason_kind::diverged};
  for (const stop_rule& rule : study_.stop) {
    const double* own = m.find(rule.metric);
    auto value = automatic_metric(rule.metric, t.summary.iterations, t.summary.wall_s);
    if (!value && own) value = *own;
    if (!value) continue;
    const bool at_least = rule.when == stop_rule::side::at_least;
    if (at_least ? *value >= rule.bound : *value <= rule.bound)
      return cause{"stop: " + rule.metric + " " + to_text(*value) + (at_least ? " >= " : " <= ") +
                       to_text(rule.bound),
                   reason_kind::stop_rule};
  }
  return t.stopper ? std::optional{*t.stopper} : std::nullopt;
}

study_machine::report_outcome study_machine::report(trial_number n, int attempt, const metrics& m,
                                                    bool has_checkpoint, double iteration_s,
                                                    std::int64_t now,
                                                    std::optional<int> iteration) {
  report_outcome outcome;
  trial_entry* t = current(n, attempt);
  if (!t || t->next_config) { // what goes on is not what reports here
    outcome.verdict = verdict::stop;
    return outcome;
  }
  if (t->reached < t->summary.iterations) return repeat(n, m, has_checkpoint, iteration_s, now);
  outcome.recorded = true;
  event_kind::trial_reported reported{iteration.value_or(t->summary.iterations + 1),
                                      m,
                                      {},
                                      iteration_s,
                                      t->summary.wall_s + iteration_s};
  if (has_checkpoint) reported.checkpoint = t->checkpoints;
  emit(now, n, std::move(reported));
  outcome.result = last_result_of(n).value();
  outcome.drop_checkpoints = take_unneeded();

  outcome.ask_scheduler = scheduler_judges(n);
  if (t->ending) outcome.verdict = verdict::stop;
  if (t->is_decided()) return outcome;
  if (auto ruled = ruling(*t)) {
    outcome.verdict = ruled->verdict;
    emit(now, n, std::move(*ruled));
  } else if (!outcome.ask_scheduler && !t->ending) {
    outcome.verdict = go_on_or_leave(n, now);
  }
  return outcome;
}

study_machine::report_outcome study_machine::repeat(trial_number n, const metrics& m,
                                                    bool has_checkpoint, double iteration_s,
                                                    std::int64_t now) {
  trial_entry& t = trials_[n];
  ++t.reached;
  t.reached_s += iteration_s;
  report_outcome outcome;
  outcome.repeated = true;
  outcome.verdict = t.ending ? verdict::stop : verdict::proceed; // as it did before
  if (!has_checkpoint) return outcome;
  emit(now, n, event_kind::checkpoint_taken{t.checkpoints, t.reached, m, t.reached_s});
  outcome.drop_checkpoints = take_unneeded();
  if (!t.ending) outcome.verdict = go_on_or_leave(n, now);
  return outcome;
}

std::optional<event_kind::trial_decided> study_machine::ruling(const trial_entry& t) const {
  if (t.known) return std::nullopt;
  const metrics& m = t.summary.last;
  const int iteration = t.summary.iterations;
  const auto report = "report " + std::to_string(iteration);
  if (const auto missing = missing_metric(study_, m); !missing.empty())
    return told_to_stop(iteration,
                        {report + " has no metric \"" + missing +
                             "\", which the study is judged by; it has: " + names_of(m),
                         reason_kind::bad_report},
                        trial_state::failed);
  if (requires_time_ && t.last_time && std::isnan(*t.last_time))
    return told_to_stop(iteration,
                        {report + " has no \"" + time_attr_ +
                             "\", by which the scheduler tells the time; it has: " + names_of(m),
                         reason_kind::bad_report},
                        trial_state::failed);
  if (const auto why = stopped_by(t, m)) return told_to_stop(iteration, *why, trial_state::stopped);
  return std::nullopt;
}

bool study_machine::scheduler_judges(trial_number n) const {
  const trial_entry& t = trials_.at(n);
  // A result without the time attribute means nothing to other schedulers, as in Ray Tune.
  return !t.known && !t.is_decided() && t.last_time && !std::isnan(*t.last_time) && !ruling(t);
}

study_machine::exit_kind study_machine::exited(trial_number n, int attempt,
                                               const std::optional<cause>& error,
                                               std::int64_t now) {
  trial_entry* t = current(n, attempt);
  if (!t) return exit_kind::stale;
  if (t->becomes(trial_state::failed)) {
    fail(n, cause{t->ending->why}, now);
  } else if (t->becomes(trial_state::paused) && !error) {
    emit(now, n, event_kind::trial_paused{t->summary.iterations, t->ending->why.text});
    return exit_kind::paused;
  } else if (t->becomes(trial_state::pending) && !error) {
    emit(now, n, event_kind::trial_held{t->summary.iterations});
    return exit_kind::held;
  } else if (t->is_ending() && !t->becomes(trial_state::paused)) {
    const std::string also = error ? "; then: " + first_line(error->text) : std::string{};
    emit(now, n,
         event_kind::trial_ended{t->ending->becomes, t->ending->why.text + also,
                                 t->ending->why.kind});
  } else if (error) {
    fail(n, *error, now);
  } else if (t->summary.iterations == 0) {
    fail(n, {"returned without a report of \"" + study_.metric + "\"", reason_kind::no_report},
         now);
  } else {
    emit(now, n, event_kind::trial_ended{trial_state::completed, {}});
  }
  return is_final(t->summary.state) ? exit_kind::ended : exit_kind::retried;
}

study_machine::exit_kind study_machine::put_back(trial_number n, int attempt,
                                                 const std::string& why, std::int64_t now) {
  const trial_entry* t = current(n, attempt);
  if (!t) return exit_kind::stale;
  emit(now, n, event_kind::trial_failed{attempt, why, true, false, reason_kind::lost});
  return exit_kind::retried;
}

void study_machine::lend(trial_number n, const std::string& token, double lease_s,
                         std::int64_t now) {
  emit(now, n, event_kind::trial_leased{token, lease_s});
}

void study_machine::fail(trial_number n, const cause& error, std::int64_t now) {
  const trial_entry& t = trials_.at(n);
  const bool retry = !winding_up_ && t.failures < study_.max_failures;
  emit(now, n, event_kind::trial_failed{t.attempt, error.text, retry, true, error.kind});
  if (!retry)
    emit(now, n, event_kind::trial_ended{trial_state::failed, first_line(error.text), error.kind});
}

void study_machine::saved(trial_number n, int checkpoint, std::int64_t now) {
  const auto& kept = trials_.at(n).kept;
  if (!kept) return;
  for (const auto* each : {&kept->marks, &kept->spares})
    if (const auto found = std::ranges::find(*each, checkpoint, &checkpoint_mark::checkpoint);
        found != each->end() && !found->saved)
      return emit(now, n, event_kind::checkpoint_saved{checkpoint, found->iteration});
}

// -- the study ends -------------------------------------------------------------------------------

std::vector<trial_number> study_machine::wind_up(const cause& why, trial_state running_become,
                                                 std::int64_t now) {
  if (winding_up_) return {};
  std::vector<trial_number> told;
  for (const trial_number n : running_)
    if (!trials_[n].ending) told.push_back(n);
  emit(now, std::nullopt, event_kind::study_stopping{why.text, running_become, why.kind});
  if (running_become == trial_state::interrupted)
    for (const trial_number n : std::set{returning_}) // they have not come to go on
      emit(now, n, event_kind::trial_ended{trial_state::interrupted, why.text, why.kind});
  return told;
}

std::vector<trial_number> study_machine::resume(const std::optional<study_limits>& limits,
                                                bool retry_failed, std::int64_t now) {
  std::vector<trial_number> retried;
  if (retry_failed)
    for (const trial_entry& t : trials_)
      if (t.summary.state == trial_state::failed) retried.push_back(t.summary.number);
  emit(now, std::nullopt, event_kind::study_resumed{limits, retried});
  return retried;
}

void study_machine::lost(trial_number n, int checkpoint, std::int64_t now) {
  emit(now, n, event_kind::checkpoint_lost{checkpoint});
}

void study_machine::rule(trial_number n, std::int64_t now) {
  const trial_entry& t = trials_.at(n);
  if (t.summary.state != trial_state::running || !t.reported || t.is_decided()) return;
  if (auto ruled = ruling(t)) emit(now, n, std::move(*ruled));
}

void study_machine::end(std::int64_t now) {
  emit(now, std::nullopt,
       event_kind::study_ended{results().best, winding_up_.value_or(std::string{})});
}

} // namespace troupe
