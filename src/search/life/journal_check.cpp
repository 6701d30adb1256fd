#include "search/life/journal_check.hpp"

#include "base/json.hpp"
#include "base/seconds.hpp"
#include "search/life/event_numbers.hpp"
#include "search/life/waiting.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <variant>

namespace troupe {

namespace {

/// Whether what a trial was told to become holds although the study winds up.
bool survives(trial_state ending, const event_kind::study_stopping& winds_up) {
  if (ending == trial_state::pending) return false;
  return ending != trial_state::paused || winds_up.running_become == trial_state::interrupted;
}

/// Whether a trial that was told so goes on, whatever becomes of its process.
bool goes_on(trial_state ending) {
  return ending == trial_state::interrupted || ending == trial_state::pending;
}

std::string text_of(trial_state s) {
  return std::string{to_string(s)};
}

} // namespace

void journal_check::take(const event& e) {
  check_number("seq", static_cast<std::int64_t>(e.seq), static_cast<std::int64_t>(seq_ + 1));
  if (e.time_ns < 0) refuse("time", "after 1970", std::to_string(e.time_ns) + " ns");
  if (e.seq == 1 && !std::holds_alternative<event_kind::study_started>(e.body))
    throw std::invalid_argument{"a journal begins with \"study_started\""};
  std::visit([&](const auto& body) { follow(body, e); }, e.body);
  seq_ = e.seq;
}

bool journal_check::is_pausing(const trial_life& t) {
  return t.state == trial_state::running && t.ending == trial_state::paused;
}

journal_check::trial_life& journal_check::life_of(const event& e) {
  if (!e.trial) throw std::invalid_argument{"\"trial\" is missing"};
  if (*e.trial >= trials_.size())
    throw std::invalid_argument{"there is no trial " + trial_id(*e.trial) +
                                "; so far the study has " + std::to_string(trials_.size())};
  return trials_[*e.trial];
}

journal_check::trial_life& journal_check::waiting(const event& e) {
  auto& t = life_of(e);
  if (!is_waiting(t.state))
    throw std::invalid_argument{"trial " + trial_id(*e.trial) + " does not wait: it is " +
                                text_of(t.state)};
  return t;
}

journal_check::trial_life& journal_check::running(const event& e) {
  auto& t = life_of(e);
  if (t.state != trial_state::running)
    throw std::invalid_argument{"trial " + trial_id(*e.trial) + " does not run: it is " +
                                text_of(t.state)};
  return t;
}

void journal_check::follow(const event_kind::study_started&, const event& e) {
  check_without_trial(e);
  check_number("seq", static_cast<std::int64_t>(e.seq), 1);
}

void journal_check::follow(const event_kind::trial_added& body, const event& e) {
  if (!e.trial) throw std::invalid_argument{"\"trial\" is missing"};
  if (*e.trial != trials_.size())
    refuse("trial", trial_id(static_cast<trial_number>(trials_.size())), trial_id(*e.trial));
  if (body.seen >= e.seq) refuse("seen", "an event before this one", std::to_string(body.seen));
  trials_.emplace_back();
}

void journal_check::follow(const event_kind::trial_started& body, const event& e) {
  auto& t = waiting(e);
  check_number("attempt", body.attempt, t.attempt + 1);
  check_range("from_iteration", body.from_iteration, 0, t.reached);
  check_amounts(body.lease);
  for (const int gpu : body.lease.gpus)
    if (gpu < 0) refuse("gpus", "numbers of devices", std::to_string(gpu));
  t.state = trial_state::running;
  t.ending.reset();
  t.attempt = body.attempt;
  if (!t.repeats) t.iterations = body.from_iteration;
  t.repeats = false;
}

void journal_check::follow(const event_kind::trial_reported& body, const event& e) {
  auto& t = running(e);
  // A trial's last value counts on from its last step.
  check_range("iteration", body.iteration, std::int64_t{t.iterations} + 1, 2LL * most_iteration);
  check_seconds("iteration_s", body.iteration_s);
  check_seconds("total_s", body.total_s);
  if (body.checkpoint) {
    check_number("checkpoint", *body.checkpoint, static_cast<std::int64_t>(t.checkpoints.size()));
    t.checkpoints.push_back(body.iteration);
    t.borrowed.reset();
  }
  t.iterations = body.iteration;
  t.reached = std::max(t.reached, body.iteration);
}

void journal_check::follow(const event_kind::trial_decided& body, const event& e) {
  if (body.dropped) {
    check_range("iteration", body.iteration, 0, life_of(e).iterations);
    return;
  }
  auto& t = running(e);
  check_number("iteration", body.iteration, t.iterations);
  const auto becomes = body.becomes;
  if (becomes == trial_state::completed || becomes == trial_state::interrupted)
    refuse("becomes", "running, stopped, paused, failed or pending", text_of(becomes));
  if (becomes != trial_state::running) t.ending = becomes;
}

void journal_check::follow(const event_kind::trial_failed& body, const event& e) {
  auto& t = running(e);
  check_number("attempt", body.attempt, t.attempt);
  if (body.retry) t.state = trial_state::pending; // else it ends, as the next event says
}

void journal_check::follow(const event_kind::trial_paused& body, const event& e) {
  auto& t = running(e);
  check_number("iteration", body.iteration, t.iterations);
  t.state = trial_state::paused;
}

void journal_check::follow(const event_kind::trial_exploited& body, const event& e) {
  auto& t = life_of(e);
  if (t.state != trial_state::paused && !is_pausing(t))
    throw std::invalid_argument{"trial " + trial_id(*e.trial) + " is not paused: it is " +
                                text_of(t.state)};
  if (body.donor >= trials_.size())
    refuse("donor", "one of " + std::to_string(trials_.size()) + " trials", trial_id(body.donor));
  const auto& donor = trials_[body.donor];
  check_range("checkpoint", body.checkpoint, 0, std::ssize(donor.checkpoints) - 1);
  check_number("iteration", body.iteration,
               donor.checkpoints[static_cast<std::size_t>(body.checkpoint)]);
  check_seconds("total_s", body.total_s);
  t.reached = std::max(t.reached, body.iteration);
  if (body.donor == *e.trial) return;
  t.borrowed = {body.donor, body.checkpoint};
  t.repeats = false;
}

void journal_check::follow(const event_kind::trial_resized& body, const event& e) {
  const auto& t = life_of(e);
  if (!is_pausing(t)) waiting(e);
  check_amounts(body.request);
  check_custom(body.request.custom);
}

void journal_check::follow(const event_kind::trial_ended& body, const event& e) {
  auto& t = life_of(e);
  if (is_final(t.state))
    throw std::invalid_argument{"trial " + trial_id(*e.trial) + " has ended already: it is " +
                                text_of(t.state)};
  if (!is_final(body.state))
    refuse("state", "completed, stopped, failed or interrupted", text_of(body.state));
  t.state = body.state;
}

void journal_check::follow(const event_kind::study_stopping& body, const event& e) {
  check_without_trial(e);
  if (!is_final(body.running_become))
    refuse("running_become", "interrupted or stopped", text_of(body.running_become));
  for (auto& t : trials_)
    if (t.state == trial_state::running && !(t.ending && survives(*t.ending, body)))
      t.ending = body.running_become;
}

void journal_check::follow(const event_kind::study_ended& body, const event& e) {
  check_without_trial(e);
  if (body.best && *body.best >= trials_.size())
    refuse("best", "one of " + std::to_string(trials_.size()) + " trials", trial_id(*body.best));
}

void journal_check::follow(const event_kind::checkpoint_saved& body, const event& e) {
  const auto& t = life_of(e);
  check_range("checkpoint", body.checkpoint, 0, std::ssize(t.checkpoints) - 1);
  check_number("iteration", body.iteration,
               t.checkpoints[static_cast<std::size_t>(body.checkpoint)]);
}

void journal_check::follow(const event_kind::trial_leased& body, const event& e) {
  running(e);
  if (!(body.lease_s > 0 && body.lease_s <= longest_s))
    refuse("lease_s", "above 0 and at most " + to_text(longest_s) + " seconds",
           to_text(body.lease_s));
}

void journal_check::follow(const event_kind::study_resumed& body, const event& e) {
  check_without_trial(e);
  if (body.limits) check_limits(*body.limits);
  for (auto& t : trials_) {
    const bool told_otherwise = t.ending && !goes_on(*t.ending);
    if (t.state != trial_state::interrupted && (t.state != trial_state::running || told_otherwise))
      continue;
    t.state = trial_state::pending;
    t.repeats = true;
  }
  for (const trial_number n : body.retried)
    try_again(n);
}

void journal_check::try_again(trial_number n) {
  if (n >= trials_.size() || trials_[n].state != trial_state::failed)
    throw std::invalid_argument{"trial " + trial_id(n) + " has not failed"};
  trials_[n].state = trial_state::pending;
}

void journal_check::follow(const event_kind::trial_retried&, const event& e) {
  life_of(e);
  try_again(*e.trial);
}

void journal_check::follow(const event_kind::trial_held& body, const event& e) {
  auto& t = running(e);
  check_number("iteration", body.iteration, t.iterations);
  if (t.ending != trial_state::pending)
    throw std::invalid_argument{"trial " + trial_id(*e.trial) +
                                " was not told to leave until the study goes on"};
  t.state = trial_state::pending;
  t.repeats = true;
}

void journal_check::follow(const event_kind::limits_changed& body, const event& e) {
  check_without_trial(e);
  check_limits(body.limits);
}

void journal_check::follow(const event_kind::study_paused&, const event& e) {
  check_without_trial(e);
}

void journal_check::follow(const event_kind::study_continued&, const event& e) {
  check_without_trial(e);
}

void journal_check::follow(const event_kind::checkpoint_taken& body, const event& e) {
  auto& t = running(e);
  check_range("iteration", body.iteration, 1, t.reached);
  check_seconds("total_s", body.total_s);
  check_number("checkpoint", body.checkpoint, static_cast<std::int64_t>(t.checkpoints.size()));
  t.checkpoints.push_back(body.iteration);
  t.borrowed.reset();
}

void journal_check::follow(const event_kind::checkpoint_lost& body, const event& e) {
  auto& t = life_of(e);
  check_range("checkpoint", body.checkpoint, 0, std::ssize(t.checkpoints) - 1);
  if (is_waiting(t.state) && !t.borrowed) t.repeats = true;
  for (trial_life& other : trials_)
    if (other.borrowed == std::pair{*e.trial, body.checkpoint}) other.borrowed.reset();
}

} // namespace troupe
