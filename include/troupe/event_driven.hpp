#pragma once

#include <troupe/actors.hpp>
#include <troupe/checkpoint.hpp>
#include <troupe/metrics.hpp>
#include <troupe/reason_kind.hpp>
#include <troupe/scheduler.hpp>

#include <caf/fwd.hpp>
#include <caf/result.hpp>
#include <caf/type_id.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

/// Trials that need no thread of their own: simulators, jobs on other machines, whatever answers by
/// messages. A trial is then any actor, that asks the study what to do after each report:
///
///     study ──trial_factory──► trial
///     trial ──trial_report────► study ──report_answer──► trial      as often as it reports
///     study ──end_trial───────► trial                               end soon, and say so
///     trial ──trial_exit──────► study                               its last word
///
/// All of them live in one process; these messages carry pointers and are not serialised.
namespace troupe {

/// Everything that one attempt of a trial needs to know.
struct trial_order {
  trial_number number = 0;
  int attempt = 1;
  troupe::config config;
  troupe::checkpoint from; ///< Where to go on; none at the first attempt.
  int from_iteration = 0;  ///< Reports made before `from` was taken.
  std::uint64_t seed = 0;  ///< The study's.
  int threads = 1;
  std::vector<std::string> devices; ///< "cpu", or "cuda:0", …
  /// The folder of the study's results, absolute; empty if there is none.
  std::filesystem::path folder{};
  double memory_gb = 0; ///< Reserved for it, in 10⁹ bytes.
};

/// A trial has ended an iteration.
struct trial_report {
  trial_number number = 0;
  int attempt = 1; ///< The order's.
  troupe::metrics metrics;
  troupe::checkpoint checkpoint{}; ///< What it could go on from; none if it has none.
  double iteration_s = 0;          ///< Time that it took since the report before.
};

/// What a trial is to do after its report. If not to proceed, it says trial_exit soon.
struct report_answer {
  troupe::verdict verdict = troupe::verdict::proceed;
};

/// A trial has ended by itself, has done what it was told, or has failed with `error`.
struct trial_exit {
  trial_number number = 0;
  int attempt = 1; ///< The order's.
  std::optional<std::string> error{};
  troupe::reason_kind reason_kind = troupe::reason_kind::error; ///< Of the error.
};

/// A line for a trial's log.txt.
struct trial_log {
  trial_number number = 0;
  std::string line;
};

/// End soon, and say trial_exit.
struct end_trial {
  std::string reason;
};

/// One trial while it runs. If it dies before it has said trial_exit, it has failed.
using trial_actor = caf::typed_actor<caf::result<void>(end_trial)>;

/// Whom a trial reports to.
using trial_parent_actor = caf::typed_actor<
    // Asked by a trial, which waits for the answer: one report is in flight per trial. The answer
    // may wait for the disk, so ask without a limit of time.
    caf::result<report_answer>(trial_report),
    // Told by a trial, as its last word.
    caf::result<void>(trial_exit),
    // Told by a trial.
    caf::result<void>(trial_progress), caf::result<void>(trial_log)>;

/// Makes the actor that runs an attempt and reports to `parent`. Called by the study, so it must be
/// quick; what it throws makes the trial fail.
using trial_factory =
    std::function<trial_actor(caf::actor_system&, trial_order, trial_parent_actor parent)>;

} // namespace troupe

CAF_BEGIN_TYPE_ID_BLOCK(troupe_trials, TROUPE_FIRST_TYPE_ID + 40)
// Append only: ids are numbers.
CAF_ADD_TYPE_ID(troupe_trials, (troupe::trial_report))
CAF_ADD_TYPE_ID(troupe_trials, (troupe::report_answer))
CAF_ADD_TYPE_ID(troupe_trials, (troupe::trial_exit))
CAF_ADD_TYPE_ID(troupe_trials, (troupe::trial_log))
CAF_ADD_TYPE_ID(troupe_trials, (troupe::end_trial))
CAF_END_TYPE_ID_BLOCK(troupe_trials)

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::trial_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::report_answer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::trial_exit)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::trial_log)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::end_trial)
