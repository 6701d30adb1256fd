#pragma once

namespace troupe {

/// The guardian of a study's commands: the same program once more, which starts them and outlives
/// the tuner by as long as it takes to end them all. It is their subreaper: whatever they start
/// stays below it. It gets its requests (order_message.hpp) from a socket, its descriptor 3; when
/// that is closed, because the study has ended or the tuner has been killed, it kills all that is
/// below it, and ends.
///
/// When a trial's process has ended, its group and whatever else has its TROUPE_WARD, which the
/// guardian gives it, are killed. The process stays a zombie, so that its number means no other,
/// until the tuner closes the trial's socket; while it runs, that is the wish to have it killed.

/// What the program's only argument is when it is started as a guardian.
inline constexpr const char* guardian_word = "guard-commands";

/// Returns whether the program is to be a guardian: it is called so, and has the socket.
bool is_guardian(int argc, char** argv);

/// Is one, to the end; returns the exit code.
int guard_commands();

} // namespace troupe
