#pragma once

#include "process/command_spec.hpp"
#include "process/running_program.hpp"

#include <troupe/trainable.hpp>

#include <functional>
#include <optional>

namespace troupe {

/// Trains a trial by a command: runs it to its end, passes its reports on, and stops it when the
/// trial is to stop: by SIGTERM, and after its grace SIGKILL, to its whole group. Where the trial
/// is told to stop between two reports, the grace is 20 s at most, so that a study ends in time. A
/// program that speaks the protocol and learns so from the answer to its report gets no SIGTERM.
/// Throws std::runtime_error, with the last lines that it printed, if it ends otherwise than by
/// itself with exit code 0, and if what it reports is none.
void run_command_trial(const command_spec& command, trial& t, const process_starter& start);

/// The same by `program`, which speaks the protocol and has been started by `command` before;
/// `begun` is called when it has been told what to train, if it waited for that. Returns it if it
/// waits for another trial then: if `may_rest`, and it was not told to stop between two reports.
std::optional<running_program> run_trial_in(running_program program, const command_spec& command,
                                            trial& t, bool may_rest,
                                            const std::function<void()>& begun);

} // namespace troupe
