#pragma once

#include <troupe/trainable.hpp>

#include <optional>

namespace troupe {

/// Returns `t` with each of its trials in a process of its own, so that a crash, or a function that
/// does not return, ends that trial alone. The program starts itself again for each of them, so its
/// main has to begin with train_if_asked(). `context`: what `t.load` was given; each process loads
/// for itself. Data and functions of `t` beside those that its name finds in the registry do not
/// get there.
///
/// One process is started ahead of its trial, and loads while others train. With `reuse` a process
/// that has trained a trial to its end takes the next one that has the same lease; the function
/// must leave nothing behind then that the next one would notice.
trainable isolated(trainable t, const run_context& context, bool reuse = false);

/// Trains a trial, if this process was started for one: returns the exit code then, and none else.
/// For programs that use isolated() and do not call cli_main, which does the same, at the very
/// beginning of their main.
std::optional<int> train_if_asked(int argc, char** argv, const registry& known);

} // namespace troupe
