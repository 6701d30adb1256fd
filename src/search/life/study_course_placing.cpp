#include "base/json.hpp"
#include "search/life/study_course.hpp"

#include <optional>
#include <utility>

/// Another part of study_course: how waiting trials get their slots, one after the other.
namespace troupe {

void study_course::acquire(const resources& amount) {
  placing_ = placing::waiting_for_slot;
  asked_for_ = amount;
  crew_->acquire(asked_for_);
}

/// Asks for the slot that trial `n` needs, which is going to run in it; if it needs what nobody
/// has, it fails.
void study_course::acquire_for(trial_number n, std::int64_t now) {
  if (const auto problem = machine_.request_problem(n); !problem.empty())
    return refuse(n, problem, now);
  resized_ = n;
  acquire(machine_.request_of(n));
}

/// Trial `n`, which waits, cannot have what its configuration asks for.
void study_course::refuse(trial_number n, const std::string& why, std::int64_t now) {
  const bool counts_as_running = machine_.returning().contains(n);
  const config& next = machine_.config_of(n);
  const bool is_new = next != machine_.summary_of(n).config; // no report tells what it is
  machine_.refuse(
      n,
      {is_new ? why + "; it was to go on with " + to_text(next) : why, reason_kind::no_resources},
      now);
  scheduler_has_none_ = false;
  forget(n, !counts_as_running);
  end_if_failing_fast(n, now);
}

void study_course::withdraw() {
  placing_ = placing::withdrawing;
  crew_->withdraw();
}

void study_course::granted(const lease& l, std::int64_t now, std::optional<std::string> client) {
  if (placing_ != placing::waiting_for_slot) return crew_->release(l);
  slot_ = slot{l, std::move(client)};
  if (const auto n = std::exchange(resized_, std::nullopt)) return launch(n, now);
  placing_ = placing::choosing;
  scheduler_has_none_ = true; // until it has one, or has learned something since it was asked
  queued_meanwhile_.clear();
  machine_.choosing(true);
  crew_->ask(choose_trial{});
}

void study_course::refused(const std::string& why, std::int64_t now) {
  if (placing_ != placing::waiting_for_slot) return; // it has been taken back
  placing_ = placing::idle;
  const auto n = std::exchange(resized_, std::nullopt);
  if (n && machine_.follows_config(*n) && waits(*n)) return refuse(*n, why, now);
  // Even the least is too much: so each trial that waits is told what it is that it cannot have.
  if (const auto next = n ? std::nullopt : machine_.first_following_config())
    return acquire_for(*next, now);
  give_up(why, now);
}

void study_course::withdrawn() {
  placing_ = placing::idle;
  const auto n = std::exchange(resized_, std::nullopt);
  if (n && waits(*n) && !machine_.returning().contains(*n)) chosen_before_ = n; // it comes later
}

void study_course::chosen(const chosen_trial& c, std::int64_t now) {
  for (const decision& d : c.aftermath)
    change_others(d, now);
  // One that has failed since the scheduler was asked waits once more to be chosen.
  const bool void_now = c.number && queued_meanwhile_.contains(*c.number);
  place(void_now ? std::nullopt : c.number, now);
}

void study_course::choosing_failed(const std::string& why, std::int64_t now) {
  launch(std::nullopt, now);
  give_up("the scheduler failed: " + why, now);
}

void study_course::place(std::optional<trial_number> chosen, std::int64_t now) {
  if (chosen && !machine_.winding_up()) {
    if (machine_.pausing(*chosen)) {
      // It was told to pause a moment ago, and its function has yet to return.
      placed_later_ = chosen;
      return;
    }
    if (machine_.paused()) {
      // For the scheduler it runs: it is the first to be started when the study goes on.
      machine_.note_choice(now);
      chosen_before_ = chosen;
      scheduler_has_none_ = false;
      return launch(std::nullopt, now);
    }
    if (machine_.request_of(*chosen) != asked_for_ || !machine_.request_problem(*chosen).empty()) {
      // It has been chosen for a slot of the usual size, and needs one of its own.
      placing_ = placing::idle;
      crew_->release(std::exchange(slot_, std::nullopt)->lease);
      return acquire_for(*chosen, now);
    }
  }
  launch(chosen, now);
}

void study_course::launch(std::optional<trial_number> chosen, std::int64_t now) {
  placing_ = placing::idle;
  const slot s = *std::exchange(slot_, std::nullopt);
  if (chosen) scheduler_has_none_ = false;
  const auto order = chosen ? machine_.start(*chosen, s.lease, now, s.client)
                            : std::optional<study_machine::start_order>{};
  if (order)
    crew_->start(*chosen, *order, s.lease);
  else
    crew_->release(s.lease);
  // Of a trial that runs, for it could not be paused: the scheduler knows now.
  if (chosen && !order && !machine_.winding_up()) machine_.note_choice(now);
  machine_.choosing(false);
}

} // namespace troupe
