#pragma once

#include <troupe/checkpoint.hpp>
#include <troupe/events.hpp>
#include <troupe/results.hpp>
#include <troupe/scheduler.hpp>
#include <troupe/searcher.hpp>
#include <troupe/study.hpp>
#include <troupe/trainable.hpp>

#include <caf/result.hpp>
#include <caf/type_id.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// Where Troupe's type ids start. An embedding system whose own ids would collide sets it for the
/// whole build.
#ifndef TROUPE_FIRST_TYPE_ID
#define TROUPE_FIRST_TYPE_ID (caf::first_custom_type_id + 1200)
#endif

/// The messages and interfaces of Troupe's actors: this page is the map of the runtime.
///
///     trial ──report──► controller ──judge──► scheduler
///       ▲                │  │  │ └──suggest──► searcher
///       └──verdict───────┘  │  └──record────► recorder
///                  acquire, │ release
///                           ▼
///                        resource broker
///
/// All of them live in one process; messages carry pointers and are not serialised.
namespace troupe {

// -- messages ------------------------------------------------------------------------------------

/// A trial has ended an iteration.
struct trial_report {
  trial_number number = 0;
  int attempt = 1;
  troupe::metrics metrics;
  troupe::checkpoint checkpoint;
  double iteration_s = 0; ///< Time spent in the training function since the report before.
};

/// What a trial is to do after its report.
struct report_answer {
  troupe::verdict verdict = troupe::verdict::proceed;
};

/// A training function has returned, or thrown `error`.
struct trial_exit {
  trial_number number = 0;
  int attempt = 1;
  std::optional<std::string> error;
};

/// How much of its current iteration a trial has done.
struct trial_progress {
  trial_number number = 0;
  double fraction = 0; ///< In [0, 1].
};

/// A line for a trial's log.txt.
struct trial_log {
  trial_number number = 0;
  std::string line;
};

/// End now, at the next batch.
struct stop_trial {
  std::string reason;
};

/// Begin. Until then a study does nothing, so that nobody misses its first event.
struct start_study {};

/// Stop all trials at the next batch, keep everything, end.
struct interrupt_study {
  std::string reason; ///< "interrupted by Ctrl-C"; goes into the journal.
};

/// Asks for what the study came to; answered when it has ended and all is on disk.
struct await_results {};

/// Asks for `amount`; answered with lease_granted when there is room, oldest first.
struct acquire_lease {
  std::uint64_t ticket = 0; ///< Chosen by the asker, to tell its requests apart.
  resources amount;
};

struct lease_granted {
  std::uint64_t ticket = 0;
  troupe::lease lease;
};

/// Gives a lease back.
struct release_lease {
  std::uint64_t id = 0;
};

/// Withdraws a request; if it was granted meanwhile, the lease is returned by the asker.
struct cancel_lease {
  std::uint64_t ticket = 0;
};

/// A trial with this configuration waits to be chosen.
struct schedule_trial {
  trial_number number = 0;
  troupe::config config;
};

/// An exploit came to nothing: a trial still has this configuration.
struct keep_config {
  trial_number number = 0;
  troupe::config config;
};

/// What shall trial `number` do after this result?
struct judge_result {
  trial_number number = 0;
  troupe::result result;
};

/// How a trial left the running or waiting trials.
struct trial_over {
  enum class how : std::uint8_t { completed, failed, removed };
  trial_number number = 0;
  how what = how::completed;
  std::optional<troupe::result> last;
};

/// A slot is free: which trial shall run?
struct choose_trial {};

struct chosen_trial {
  std::optional<trial_number> number; ///< None: nothing wants to run now.
  std::vector<decision> aftermath{};  ///< See scheduler::aftermath.
};

/// Suggest the configuration of trial `number`.
struct suggest_trial {
  trial_number number = 0;
};

struct suggested_trial {
  trial_number number = 0;
  troupe::suggestion suggestion;
  std::uint64_t seen = 0; ///< The last event whose observation went into it.
};

/// What event `seq` tells a searcher: a trial has reported, or has ended.
struct searcher_news {
  std::uint64_t seq = 0;
  trial_number number = 0;
  std::optional<int> iteration; ///< Of a report; none: the trial has ended.
  std::optional<troupe::outcome> outcome;
  bool stopped = false; ///< It has ended early, by the scheduler's decision.
};

/// An event to be written down, with the checkpoint that it refers to.
struct record_event {
  event_ptr event;
  troupe::checkpoint checkpoint;
};

/// Checkpoints that nothing refers to any more.
struct drop_checkpoints {
  trial_number number = 0;
  std::vector<int> checkpoints; ///< By number.
};

/// The study has ended: write summary.json, commit, answer.
struct finish_recording {
  std::shared_ptr<const study_results> results;
};

/// The recorder to itself: commit what has been written since the last commit.
struct commit_events {};

/// All events up to `seq` survive a crash.
struct events_durable {
  std::uint64_t seq = 0;
};

/// Nothing more can be written: the disk is full, say.
struct recording_failed {
  std::string what;
};

// -- interfaces ----------------------------------------------------------------------------------

/// Whoever wants to see a study: the console, an embedding program. Told, never asked.
using subscriber_actor = caf::typed_actor<
    // From the controller: the next event of the journal.
    caf::result<void>(event_ptr),
    // From the controller, a few times a second and trial at most.
    caf::result<void>(trial_progress)>;

/// One trial while it runs: stays responsive while its training thread works.
using trial_actor = caf::typed_actor<
    // From the controller: end at the next batch. The trial answers with a trial_exit to its
    // parent.
    caf::result<void>(stop_trial),
    // From its training thread.
    caf::result<void>(trial_report), caf::result<void>(trial_exit), caf::result<void>(trial_log)>;

/// Whom a trial reports to.
using trial_parent_actor = caf::typed_actor<
    // Asked by a trial, which waits for the answer: one report is in flight per trial.
    caf::result<report_answer>(trial_report),
    // Told by a trial, as its last word.
    caf::result<void>(trial_exit),
    // Told by a trial.
    caf::result<void>(trial_progress), caf::result<void>(trial_log)>;

/// Whom the resource broker answers.
using lease_client_actor = caf::typed_actor<
    // Told by the broker: exactly once per acquire_lease that is not withdrawn in time.
    caf::result<void>(lease_granted)>;

/// Whom the recorder keeps informed.
using record_client_actor = caf::typed_actor<
    // Told by the recorder after each commit.
    caf::result<void>(events_durable),
    // Told by the recorder, once: it has given up.
    caf::result<void>(recording_failed)>;

/// Owns the study and every trial's life. Ends when the study has.
using controller_actor =
    trial_parent_actor::extend_with<lease_client_actor>::extend_with<record_client_actor>::extend<
        // From whoever spawned it, once.
        caf::result<void>(start_study),
        // From anyone. A second one is ignored.
        caf::result<void>(interrupt_study),
        // From anyone, at any time: sends all further events there.
        caf::result<void>(subscriber_actor),
        // From anyone; answered when the study has ended.
        caf::result<study_results>(await_results)>;

/// A scheduler behind a mailbox. Messages come from the controller, in the order of the journal.
using scheduler_actor =
    caf::typed_actor<caf::result<void>(schedule_trial), caf::result<void>(keep_config),
                     caf::result<decision>(judge_result), caf::result<void>(trial_over),
                     caf::result<chosen_trial>(choose_trial)>;

/// A searcher behind a mailbox: may think for as long as it likes.
using searcher_actor =
    caf::typed_actor<caf::result<suggested_trial>(suggest_trial), caf::result<void>(searcher_news)>;

/// Knows what the machine has and who uses it.
using broker_actor = caf::typed_actor<
    // From a controller: answered by a lease_granted to the given client. An amount that can never
    // be granted is an error of the asker: check with can_ever_grant before.
    caf::result<void>(acquire_lease, lease_client_actor),
    // From the same controller.
    caf::result<void>(cancel_lease, lease_client_actor), caf::result<void>(release_lease)>;

/// Writes a study down: the journal, the trials' files, checkpoints. Blocks on the disk, so it runs
/// detached.
using recorder_actor = caf::typed_actor<
    // From the controller, first: whom to tell about durability and failure.
    caf::result<void>(record_client_actor),
    // From the controller, told.
    caf::result<void>(record_event), caf::result<void>(drop_checkpoints),
    caf::result<void>(trial_log),
    // From the controller, asked: answered when all is on disk; with an error if it cannot be.
    caf::result<void>(finish_recording)>;

} // namespace troupe

CAF_BEGIN_TYPE_ID_BLOCK(troupe, TROUPE_FIRST_TYPE_ID)
// Append only: ids are numbers.
CAF_ADD_TYPE_ID(troupe, (troupe::trial_report))
CAF_ADD_TYPE_ID(troupe, (troupe::report_answer))
CAF_ADD_TYPE_ID(troupe, (troupe::trial_exit))
CAF_ADD_TYPE_ID(troupe, (troupe::trial_progress))
CAF_ADD_TYPE_ID(troupe, (troupe::trial_log))
CAF_ADD_TYPE_ID(troupe, (troupe::stop_trial))
CAF_ADD_TYPE_ID(troupe, (troupe::start_study))
CAF_ADD_TYPE_ID(troupe, (troupe::interrupt_study))
CAF_ADD_TYPE_ID(troupe, (troupe::await_results))
CAF_ADD_TYPE_ID(troupe, (troupe::acquire_lease))
CAF_ADD_TYPE_ID(troupe, (troupe::lease_granted))
CAF_ADD_TYPE_ID(troupe, (troupe::release_lease))
CAF_ADD_TYPE_ID(troupe, (troupe::cancel_lease))
CAF_ADD_TYPE_ID(troupe, (troupe::schedule_trial))
CAF_ADD_TYPE_ID(troupe, (troupe::judge_result))
CAF_ADD_TYPE_ID(troupe, (troupe::trial_over))
CAF_ADD_TYPE_ID(troupe, (troupe::choose_trial))
CAF_ADD_TYPE_ID(troupe, (troupe::chosen_trial))
CAF_ADD_TYPE_ID(troupe, (troupe::suggest_trial))
CAF_ADD_TYPE_ID(troupe, (troupe::suggested_trial))
CAF_ADD_TYPE_ID(troupe, (troupe::searcher_news))
CAF_ADD_TYPE_ID(troupe, (troupe::record_event))
CAF_ADD_TYPE_ID(troupe, (troupe::drop_checkpoints))
CAF_ADD_TYPE_ID(troupe, (troupe::finish_recording))
CAF_ADD_TYPE_ID(troupe, (troupe::events_durable))
CAF_ADD_TYPE_ID(troupe, (troupe::recording_failed))
CAF_ADD_TYPE_ID(troupe, (troupe::event_ptr))
CAF_ADD_TYPE_ID(troupe, (troupe::decision))
CAF_ADD_TYPE_ID(troupe, (troupe::study_results))
CAF_ADD_TYPE_ID(troupe, (troupe::subscriber_actor))
CAF_ADD_TYPE_ID(troupe, (troupe::lease_client_actor))
CAF_ADD_TYPE_ID(troupe, (troupe::record_client_actor))
CAF_ADD_TYPE_ID(troupe, (troupe::commit_events))
CAF_ADD_TYPE_ID(troupe, (troupe::keep_config))
CAF_END_TYPE_ID_BLOCK(troupe)

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::trial_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::report_answer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::trial_exit)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::trial_progress)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::trial_log)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::stop_trial)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::start_study)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::interrupt_study)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::await_results)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::acquire_lease)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::lease_granted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::release_lease)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cancel_lease)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::schedule_trial)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::judge_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::trial_over)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::choose_trial)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::chosen_trial)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::suggest_trial)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::suggested_trial)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::searcher_news)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::record_event)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::drop_checkpoints)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::finish_recording)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::events_durable)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::recording_failed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::event_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::decision)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::study_results)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::commit_events)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::keep_config)
