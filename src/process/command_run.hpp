#pragma once

#include "process/command_spec.hpp"
#include "process/running_process.hpp"

#include <troupe/trainable.hpp>

namespace troupe {

/// Trains a trial by a command: runs it to its end, passes its reports on, and stops it when the
/// trial is to stop: by SIGTERM, and after its grace SIGKILL, to its whole group. Where the trial
/// is told to stop between two reports, the grace is 20 s at most, so that a study ends in time. A
/// program that speaks the protocol and learns so from the answer to its report gets no SIGTERM.
/// Throws std::runtime_error, with the last lines that it printed, if it ends otherwise than by
/// itself with exit code 0, and if what it reports is none.
void run_command_trial(const command_spec& command, trial& t, const process_starter& start);

} // namespace troupe
