#pragma once

#ifdef TROUPE_FIRST_TYPE_ID
#error "Troupe's type ids are in its library: build that with cmake -DTROUPE_TYPE_IDS=N instead"
#endif

#include <troupe/events.hpp>
#include <troupe/results.hpp>

#include <caf/result.hpp>
#include <caf/type_id.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// Where Troupe's type ids start; it takes a hundred. Where an embedding system's own ids would
/// collide, Troupe itself is built with others: cmake -DTROUPE_TYPE_IDS=N. Whoever links it has
/// them.
#ifdef TROUPE_TYPE_IDS
#define TROUPE_FIRST_TYPE_ID (TROUPE_TYPE_IDS)
#else
#define TROUPE_FIRST_TYPE_ID (caf::first_custom_type_id + 1200)
#endif

/// The actors that an embedding program meets, and the messages that it exchanges with them. All of
/// them are plain values that CAF can serialise, so whoever watches or stops a study may live on
/// another node.
///
///     you ──start_study, pause_study, continue_study, interrupt_study, await_results──► study
///      ├────add_trial, stop_trial, retry_trial, change_limits─────────────────────────► study
///      └────subscriber_actor──────────────────────────────────────────────────────────► study
///     subscriber ◄──event, trial_progress──────────────────────────────────────────── study
namespace troupe {

// -- messages ------------------------------------------------------------------------------------

/// Begin. Until then a study does nothing, so that nobody misses its first event.
struct start_study {};

/// Stop all trials at the next batch, keep everything, end.
struct interrupt_study {
  std::string reason; ///< "interrupted by Ctrl-C"; goes into the journal.
};

/// Try this configuration, too: one more trial than the study was to have. The searcher learns from
/// it; so does the scheduler judge it like the others.
struct add_trial {
  troupe::config config; ///< By name, nested like the space; what it leaves open is drawn.
  std::string by;        ///< Who asks for it; goes into the journal.
  /// It is one of the trials that num_samples allows, as long as not all of them are there.
  bool within = false;
};

/// Start nothing until continue_study. A trial that runs leaves with its next checkpoint, gives
/// back what it was given, and is the first to go on; one that makes no checkpoints runs to its
/// end. Neither the searcher nor the scheduler is told.
struct pause_study {
  std::string by; ///< Who asks for it; goes into the journal.
};

struct continue_study {};

/// Whom pausing waits for.
struct leaving_trials {
  std::uint64_t running = 0;
  std::uint64_t without_checkpoint = 0; ///< Those of them that have not made any so far.
};

/// Try a trial again that has failed for good: from its last checkpoint, with all of its retries.
struct retry_trial {
  trial_number number = 0;
};

/// Let other limits hold from here on; what is not named stays.
struct change_limits {
  std::optional<std::uint64_t> num_samples;    ///< At least 1; the total, as in study::num_samples.
  std::optional<std::uint64_t> max_concurrent; ///< 0: as many as fit.
  std::string by;                              ///< Who asks for it; goes into the journal.
};

/// End one trial, which runs or waits; it counts as stopped. One that runs ends at its next batch.
struct stop_trial {
  trial_number number = 0;
  std::string reason; ///< Goes into the journal.
};

/// Asks for what the study came to; answered when it has ended and all is on disk.
struct await_results {};

/// How much of its current iteration a trial has done.
struct trial_progress {
  trial_number number = 0;
  double fraction = 0; ///< In [0, 1].
};

// -- interfaces ----------------------------------------------------------------------------------

/// Whoever wants to see a study: the console, an embedding program. Told, never asked.
using subscriber_actor = caf::typed_actor<
    // The next event of the journal.
    caf::result<void>(event),
    // A few times a second and trial at most.
    caf::result<void>(trial_progress)>;

/// A study. Every message is welcome at any time, from anyone.
///
/// It lives until it has ended and nobody has a handle to it any more; like all handles, those must
/// be gone before the actor system is.
using study_actor = caf::typed_actor<
    // Ignored if the study has begun.
    caf::result<void>(start_study),
    // Ignored if the study winds up already. Before start_study, the study begins and ends at once:
    // nothing trains, and the results say why.
    caf::result<void>(interrupt_study),
    // This and the following are answered when the journal has what was done; with an error that
    // says why it was not if the study has not begun, winds up or has ended, and as said here.
    // Answered with the trial's number. If the configuration has what is not in the space.
    caf::result<trial_number>(add_trial),
    // If the trial is ending or has ended, or there is none of this number yet.
    caf::result<void>(stop_trial),
    // Sends all further events there.
    caf::result<void>(subscriber_actor),
    // Answered when the study has ended; at once if it has.
    caf::result<study_results>(await_results),
    // As add_trial and stop_trial. Once more changes nothing.
    caf::result<leaving_trials>(pause_study), caf::result<void>(continue_study),
    // If the trial has not failed.
    caf::result<void>(retry_trial),
    // If num_samples is 0.
    caf::result<void>(change_limits)>;

// -- how they are serialised ---------------------------------------------------------------------

namespace detail {

std::string to_wire(const event& e);
std::string to_wire(const config& c);
std::string to_wire(const metrics& m);
/// The inverse; false if `text` is not what to_wire makes.
bool from_wire(std::string_view text, event& e);
bool from_wire(std::string_view text, config& c);
bool from_wire(std::string_view text, metrics& m);

/// A field that travels as its JSON text.
/// Travels as its number; one beyond `last` is refused.
template <class Inspector, class Enum>
auto enum_field(Inspector& f, std::string_view name, Enum& x, Enum last) {
  return f.field(
      name, [&x] { return static_cast<std::uint8_t>(x); },
      [&x, last](std::uint8_t n) {
        x = static_cast<Enum>(n);
        return x <= last;
      });
}

template <class Inspector, class T>
auto json_field(Inspector& f, std::string_view name, T& x) {
  return f.field(
      name, [&x] { return to_wire(x); },
      [&x](const std::string& text) { return from_wire(text, x); });
}

/// What is shared here is a copy there.
template <class Inspector, class T>
auto shared_field(Inspector& f, std::string_view name, std::shared_ptr<const T>& x) {
  return f.field(
      name, [&x] { return x ? std::optional<T>{*x} : std::nullopt; },
      [&x](std::optional<T> there) {
        x = there ? std::make_shared<const T>(std::move(*there)) : nullptr;
        return true;
      });
}

} // namespace detail

template <class Inspector>
bool inspect(Inspector& f, start_study& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, interrupt_study& x) {
  return f.object(x).fields(f.field("reason", x.reason));
}

template <class Inspector>
bool inspect(Inspector& f, add_trial& x) {
  return f.object(x).fields(detail::json_field(f, "config", x.config), f.field("by", x.by),
                            f.field("within", x.within));
}

template <class Inspector>
bool inspect(Inspector& f, pause_study& x) {
  return f.object(x).fields(f.field("by", x.by));
}

template <class Inspector>
bool inspect(Inspector& f, continue_study& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, leaving_trials& x) {
  return f.object(x).fields(f.field("running", x.running),
                            f.field("without_checkpoint", x.without_checkpoint));
}

template <class Inspector>
bool inspect(Inspector& f, retry_trial& x) {
  return f.object(x).fields(f.field("number", x.number));
}

template <class Inspector>
bool inspect(Inspector& f, change_limits& x) {
  return f.object(x).fields(f.field("num_samples", x.num_samples),
                            f.field("max_concurrent", x.max_concurrent), f.field("by", x.by));
}

template <class Inspector>
bool inspect(Inspector& f, stop_trial& x) {
  return f.object(x).fields(f.field("number", x.number), f.field("reason", x.reason));
}

template <class Inspector>
bool inspect(Inspector& f, await_results& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, trial_progress& x) {
  return f.object(x).fields(f.field("number", x.number), f.field("fraction", x.fraction));
}

template <class Inspector>
bool inspect(Inspector& f, event& x) {
  return f.object(x).fields(detail::json_field(f, "json", x));
}

template <class Inspector>
bool inspect(Inspector& f, past_report& x) {
  return f.object(x).fields(f.field("iteration", x.iteration),
                            detail::json_field(f, "metrics", x.metrics),
                            detail::json_field(f, "config", x.config));
}

template <class Inspector>
bool inspect(Inspector& f, trial_summary& x) {
  return f.object(x).fields(
      f.field("number", x.number),
      detail::enum_field(f, "state", x.state, trial_state::interrupted),
      f.field("reason", x.reason),
      detail::enum_field(f, "reason_kind", x.reason_kind, reason_kind::not_recorded),
      detail::json_field(f, "config", x.config), f.field("iterations", x.iterations),
      detail::json_field(f, "last", x.last), f.field("checkpoint", x.checkpoint),
      f.field("best_checkpoint", x.best_checkpoint), f.field("score", x.score),
      detail::shared_field(f, "best_report", x.best_report),
      f.field("scope_checkpoint", x.scope_checkpoint), f.field("wall_s", x.wall_s));
}

template <class Inspector>
bool inspect(Inspector& f, study_results& x) {
  return f.object(x).fields(
      f.field("name", x.name), f.field("metric", x.metric), f.field("trial_name", x.trial_name),
      detail::enum_field(f, "scope", x.scope, scope::all), f.field("trials", x.trials),
      f.field("best", x.best), f.field("pareto_front", x.pareto_front), f.field("wall_s", x.wall_s),
      f.field("interrupted", x.interrupted), f.field("broken", x.broken),
      f.field("not_recorded", x.not_recorded), f.field("recorded", x.recorded),
      f.field("stuck", x.stuck));
}

} // namespace troupe

CAF_BEGIN_TYPE_ID_BLOCK(troupe, TROUPE_FIRST_TYPE_ID)
// Append only: ids are numbers.
CAF_ADD_TYPE_ID(troupe, (troupe::start_study))
CAF_ADD_TYPE_ID(troupe, (troupe::interrupt_study))
CAF_ADD_TYPE_ID(troupe, (troupe::stop_trial))
CAF_ADD_TYPE_ID(troupe, (troupe::await_results))
CAF_ADD_TYPE_ID(troupe, (troupe::trial_progress))
CAF_ADD_TYPE_ID(troupe, (troupe::event))
CAF_ADD_TYPE_ID(troupe, (troupe::study_results))
CAF_ADD_TYPE_ID(troupe, (troupe::trial_summary))
CAF_ADD_TYPE_ID(troupe, (troupe::subscriber_actor))
CAF_ADD_TYPE_ID(troupe, (troupe::study_actor))
CAF_ADD_TYPE_ID(troupe, (troupe::add_trial))
CAF_ADD_TYPE_ID(troupe, (troupe::pause_study))
CAF_ADD_TYPE_ID(troupe, (troupe::continue_study))
CAF_ADD_TYPE_ID(troupe, (troupe::leaving_trials))
CAF_ADD_TYPE_ID(troupe, (troupe::retry_trial))
CAF_ADD_TYPE_ID(troupe, (troupe::change_limits))
CAF_END_TYPE_ID_BLOCK(troupe)
