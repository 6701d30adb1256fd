#pragma once

#include "search/life/consultation.hpp"

#include <troupe/actors.hpp>
#include <troupe/checkpoint.hpp>
#include <troupe/event_driven.hpp>
#include <troupe/events.hpp>
#include <troupe/resources.hpp>
#include <troupe/results.hpp>

#include <caf/result.hpp>
#include <caf/type_id.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// What Troupe's actors say among themselves: this page is the map of the runtime.
///
///     trial ──report──► controller ──consult──► scheduler
///       ▲                │  │  │ └──consult───► searcher
///       └──verdict───────┘  │  └──record──────► recorder
///                  acquire, │ release
///                           ▼
///                        resource broker
///
/// All of them live in one process; these messages carry pointers and are not serialised. Those
/// that cross the study's border are in <troupe/actors.hpp>, those between it and its trials in
/// <troupe/event_driven.hpp>.
namespace troupe {

// -- messages ------------------------------------------------------------------------------------

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

/// See scheduler_news.
struct inform_scheduler {
  scheduler_news news;
};

/// An event to be written down, and the checkpoint that it brings.
struct record_event {
  event_ptr event;
  troupe::checkpoint checkpoint;
};

/// Checkpoints that nothing refers to any more.
struct drop_checkpoints {
  trial_number number = 0;
  std::vector<int> checkpoints; ///< By number.
};

/// The recorder to its checkpoint writer: the checkpoint that this report brings is to be saved.
struct save_checkpoint {
  event_ptr report;
  troupe::checkpoint checkpoint;
};

/// A checkpoint that was to be saved is on the disk, or has been dropped before its turn came.
struct checkpoint_settled {
  trial_number number = 0;
  int checkpoint = 0;
  bool saved = false;
};

/// The recorder to its checkpoint writer: these will not be needed, and may be on the disk already.
struct skip_checkpoints {
  drop_checkpoints which;
};

/// The study has ended: write summary.json, commit, answer.
struct finish_recording {
  std::shared_ptr<const study_results> results;
};

/// The recorder to itself: commit what has been written since the last commit.
struct commit_events {};

/// The checkpoint writer to itself: save the next.
struct save_next {};

/// All events up to `seq` are in the journal's file: they may be shown to others.
struct events_written {
  std::uint64_t seq = 0;
};

/// Nothing more can be written: the disk is full, say.
struct recording_failed {
  std::string what;
};

// -- interfaces ----------------------------------------------------------------------------------

/// Whom the resource broker answers.
using lease_client_actor = caf::typed_actor<
    // Told by the broker: exactly once per acquire_lease that is neither refused nor withdrawn in
    // time.
    caf::result<void>(lease_granted)>;

/// Whom the recorder keeps informed.
using record_client_actor = caf::typed_actor<
    // Told by the recorder after each commit.
    caf::result<void>(events_written),
    // Told by the recorder, once per checkpoint that came with an event.
    caf::result<void>(checkpoint_settled),
    // Told by the recorder, once: it has given up.
    caf::result<void>(recording_failed)>;

/// Owns the study and every trial's life. Others know it by a study_actor that passes on what they
/// say (study.hpp).
using controller_actor = study_actor::extend_with<trial_parent_actor>::extend_with<
    lease_client_actor>::extend_with<record_client_actor>;

/// A scheduler behind a mailbox. Messages come from the controller, in the order of the journal.
using scheduler_actor =
    caf::typed_actor<caf::result<void>(inform_scheduler), caf::result<decision>(judge_result),
                     caf::result<chosen_trial>(choose_trial)>;

/// A searcher behind a mailbox: may think for as long as it likes.
using searcher_actor =
    caf::typed_actor<caf::result<suggested_trial>(suggest_trial), caf::result<void>(searcher_news)>;

/// Saves checkpoints for a recorder, the oldest first.
using checkpoint_writer_actor = caf::typed_actor<
    // From the recorder, told.
    caf::result<void>(save_checkpoint), caf::result<void>(skip_checkpoints),
    // From the recorder, when the journal has what made them superfluous.
    caf::result<void>(drop_checkpoints)>;

/// Whom a checkpoint writer tells what has become of them, or that it has given up.
using checkpoint_client_actor =
    caf::typed_actor<caf::result<void>(checkpoint_settled), caf::result<void>(recording_failed)>;

/// Knows what the machine has and who uses it.
using broker_actor = caf::typed_actor<
    // From a controller: answered at once, with an error that says why if the amount can never be
    // granted; else a lease_granted goes to the given client in due course.
    caf::result<void>(acquire_lease, lease_client_actor),
    // From the same controller.
    caf::result<void>(cancel_lease, lease_client_actor), caf::result<void>(release_lease)>;

/// Writes a study down: the journal and the trials' files itself, checkpoints by a writer of its
/// own. Both block on the disk, so both run detached; metrics never wait for a checkpoint.
using recorder_actor = caf::typed_actor<
    // From the controller, first: whom to tell about durability and failure.
    caf::result<void>(record_client_actor),
    // From the controller, told.
    caf::result<void>(record_event), caf::result<void>(drop_checkpoints),
    caf::result<void>(trial_log),
    // From the controller, asked: answered when all is on disk; with an error if it cannot be.
    caf::result<void>(finish_recording)>;

} // namespace troupe

CAF_BEGIN_TYPE_ID_BLOCK(troupe_runtime, TROUPE_FIRST_TYPE_ID + 50)
// Append only: ids are numbers.
CAF_ADD_TYPE_ID(troupe_runtime, (troupe::acquire_lease))
CAF_ADD_TYPE_ID(troupe_runtime, (troupe::lease_granted))
CAF_ADD_TYPE_ID(troupe_runtime, (troupe::release_lease))
CAF_ADD_TYPE_ID(troupe_runtime, (troupe::cancel_lease))
CAF_ADD_TYPE_ID(troupe_runtime, (troupe::inform_scheduler))
CAF_ADD_TYPE_ID(troupe_runtime, (troupe::judge_result))
CAF_ADD_TYPE_ID(troupe_runtime, (troupe::choose_trial))
CAF_ADD_TYPE_ID(troupe_runtime, (troupe::chosen_trial))
CAF_ADD_TYPE_ID(troupe_runtime, (troupe::suggest_trial))
CAF_ADD_TYPE_ID(troupe_runtime, (troupe::suggested_trial))
CAF_ADD_TYPE_ID(troupe_runtime, (troupe::searcher_news))
CAF_ADD_TYPE_ID(troupe_runtime, (troupe::record_event))
CAF_ADD_TYPE_ID(troupe_runtime, (troupe::drop_checkpoints))
CAF_ADD_TYPE_ID(troupe_runtime, (troupe::finish_recording))
CAF_ADD_TYPE_ID(troupe_runtime, (troupe::events_written))
CAF_ADD_TYPE_ID(troupe_runtime, (troupe::recording_failed))
CAF_ADD_TYPE_ID(troupe_runtime, (troupe::decision))
CAF_ADD_TYPE_ID(troupe_runtime, (troupe::lease_client_actor))
CAF_ADD_TYPE_ID(troupe_runtime, (troupe::record_client_actor))
CAF_ADD_TYPE_ID(troupe_runtime, (troupe::commit_events))
CAF_ADD_TYPE_ID(troupe_runtime, (troupe::save_checkpoint))
CAF_ADD_TYPE_ID(troupe_runtime, (troupe::checkpoint_settled))
CAF_ADD_TYPE_ID(troupe_runtime, (troupe::skip_checkpoints))
CAF_ADD_TYPE_ID(troupe_runtime, (troupe::save_next))
CAF_END_TYPE_ID_BLOCK(troupe_runtime)

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::acquire_lease)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::lease_granted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::release_lease)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cancel_lease)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::inform_scheduler)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::judge_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::choose_trial)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::chosen_trial)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::suggest_trial)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::suggested_trial)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::searcher_news)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::record_event)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::drop_checkpoints)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::save_checkpoint)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::checkpoint_settled)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::skip_checkpoints)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::save_next)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::finish_recording)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::events_written)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::recording_failed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::decision)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::commit_events)
