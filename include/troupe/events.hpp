#pragma once

#include <troupe/config.hpp>
#include <troupe/metrics.hpp>
#include <troupe/reason_kind.hpp>
#include <troupe/resources.hpp>
#include <troupe/results.hpp>
#include <troupe/scheduler.hpp>
#include <troupe/study.hpp>

#include <boost/json/object.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace troupe {

/// The kinds of event, one struct each. docs/formats.md gives their JSON.
namespace event_kind {

struct study_started {
  std::string name;
  std::uint64_t num_samples = 0;
  /// Whether its trials are trained by the study itself, or by whoever asks for them; journals of
  /// older versions do not say so of the latter.
  std::optional<bool> trains{};
  /// Its study file as far as it decides what the events mean; and which program began it. Neither
  /// in older journals, nor where there is no study file.
  std::optional<troupe::config> identity{};
  std::optional<std::string> program{};
};

struct trial_added {
  troupe::config config;
  std::uint64_t seen = 0; ///< Last event that the searcher had seen when it suggested this.
  std::optional<std::string> by{}; ///< Who asked for this trial; none: the searcher suggested it.
  /// Its reports were made in another study, and follow at once: the searcher learns of them, but
  /// neither the scheduler nor a rule judges them.
  bool known = false;
  std::optional<std::int64_t> optuna_trial{}; ///< Its trial_id, if others have put it there.
  /// It is one of the trials that there were to be; else, if `by` says who asked, one more.
  bool within = false;
};

struct trial_started {
  int attempt = 1;        ///< 1, and one more with every retry and every continuation.
  int from_iteration = 0; ///< Reports made before.
  troupe::lease lease;
  std::optional<std::string> client{}; ///< Who trains it, if `troupe ask --client` said so.
};

struct trial_reported {
  int iteration = 0; ///< From 1.
  troupe::metrics metrics;
  /// Its number, if the report came with one. It is on the disk when checkpoint_saved says so.
  std::optional<int> checkpoint;
  double iteration_s = 0; ///< Time this iteration took.
  double total_s = 0;     ///< Time all iterations took.
};

/// The verdict on the report before; written only if it is not to proceed, or came too late.
struct trial_decided {
  int iteration = 0;
  troupe::verdict verdict = troupe::verdict::proceed;
  std::string reason;
  /// What the trial becomes when its function has returned: stopped, paused, or failed; or pending,
  /// if it leaves because the study is paused.
  trial_state becomes = trial_state::running;
  bool dropped = false; ///< The trial had ended meanwhile: nothing came of it.
  troupe::reason_kind reason_kind{};
};

struct trial_failed {
  int attempt = 1;
  std::string error; ///< First line says what happened.
  bool retry = false;
  bool counts = true; ///< Whether it is one of the max_failures that a trial may have.
  troupe::reason_kind reason_kind{};
};

struct trial_paused {
  int iteration = 0;
  std::string reason;
};

/// A waiting trial, or one told to pause, has been given another's state: it goes on from there.
struct trial_exploited {
  trial_number donor = 0; ///< Perhaps the trial itself.
  int checkpoint = 0;     ///< Number of the donor's checkpoint.
  int iteration = 0;      ///< Reports that the donor had made by then, and
  double total_s = 0;     ///< the time they took: they count as the trial's own from here.
  troupe::config config;  ///< Holds from the next start on.
};

/// A trial will run on another amount from its next start on.
struct trial_resized {
  resources request;
};

struct trial_ended {
  trial_state state = trial_state::completed;
  std::string reason;
  troupe::reason_kind reason_kind{};
};

/// The study winds up: nothing new starts, and running trials are told to stop.
struct study_stopping {
  std::string reason;
  trial_state running_become = trial_state::interrupted; ///< Or stopped: the end was asked for.
  troupe::reason_kind reason_kind{};
};

struct study_ended {
  std::optional<trial_number> best;
  std::string reason; ///< As in study_stopping; empty if every trial had its turn.
};

/// A trial's checkpoint is in its folder, whole, and survives a power cut.
struct checkpoint_saved {
  int checkpoint = 0; ///< Its number.
  int iteration = 0;  ///< Of the report that it came with.
};

/// Whoever trains the trial holds it by a lease, which begins here, or begins anew.
struct trial_leased {
  std::string token; ///< By which its holder is known; another one once it is handed out anew.
  double lease_s =
      0; ///< So long it may be silent, in seconds, from this event and every report on.
};

/// The study goes on, whatever has stopped it: trials that ran then, or were interrupted, wait to
/// be started again. The searcher and the scheduler are not told.
struct study_resumed {
  std::optional<study_limits> limits{}; ///< From here on, if they have been changed.
  std::vector<trial_number> retried{};  ///< Those that had failed for good and are tried again.
};

/// A trial has made a report that the journal has had since before it was interrupted, and has come
/// with a checkpoint again: the trial may go on from there.
struct checkpoint_taken {
  int checkpoint = 0; ///< Its number.
  int iteration = 0;  ///< Of the report.
  troupe::metrics metrics;
  double total_s = 0; ///< Time that all iterations until then took.
};

/// A trial's checkpoint is not where the journal says, or is damaged: nothing goes on from it.
struct checkpoint_lost {
  int checkpoint = 0; ///< Its number.
};

/// The scheduler has been asked who runs next: it learned afterwards what follows until that trial
/// is started. Only if anything does.
struct choice_asked {};

/// Somebody has paused the study: nothing starts, and trials that run leave with their next
/// checkpoint, until study_continued or study_resumed. The searcher and the scheduler are not told.
struct study_paused {
  std::string by; ///< Who; "" if that is not known.
};

struct study_continued {};

/// A trial has left because the study is paused: it waits to be started again from the checkpoint
/// that it came with, as after an interruption.
struct trial_held {
  int iteration = 0;
};

/// Other limits hold from here on.
struct limits_changed {
  study_limits limits;
  std::string by; ///< As in study_paused.
};

/// A trial that had failed for good is tried again, from its last checkpoint.
struct trial_retried {};

} // namespace event_kind

using event_body =
    std::variant<event_kind::study_started, event_kind::trial_added, event_kind::trial_started,
                 event_kind::trial_reported, event_kind::trial_decided, event_kind::trial_failed,
                 event_kind::trial_paused, event_kind::trial_exploited, event_kind::trial_resized,
                 event_kind::trial_ended, event_kind::study_stopping, event_kind::study_ended,
                 event_kind::checkpoint_saved, event_kind::trial_leased, event_kind::study_resumed,
                 event_kind::checkpoint_taken, event_kind::checkpoint_lost,
                 event_kind::choice_asked, event_kind::study_paused, event_kind::study_continued,
                 event_kind::trial_held, event_kind::limits_changed, event_kind::trial_retried>;

/// One entry of a study's journal. Events are the only truth about a study: its state is what they
/// add up to.
struct event {
  std::uint64_t seq = 0;             ///< From 1, without gaps.
  std::int64_t time_ns = 0;          ///< Unix time in nanoseconds.
  std::optional<trial_number> trial; ///< Whom it is about, if a trial.
  event_body body;
};

using event_ptr = std::shared_ptr<const event>;

/// Returns the name of the event's kind: "trial_reported".
std::string_view kind(const event_body&) noexcept;

/// Returns the event as the object that `troupe events` prints: {"seq", "time", "trial", "kind",
/// …}.
boost::json::object to_json(const event&);

/// The inverse of to_json. Throws std::invalid_argument, naming the key, for anything else.
event event_from_json(const boost::json::object&);

} // namespace troupe
