#pragma once

#include <troupe/trainable.hpp>

namespace troupe {

/// Returns the trainable "command": each trial runs a program, which reports by what it prints
/// (docs/commands.md), or talks to Troupe and has checkpoints (docs/protocol.md). A study names it
/// by having the options:
///
///     "trainable": {"command": ["python3", "train.py", "--lr", "{lr}"]}
///
/// The trainable keeps what `load` was given; studies that run at the same time need one each.
trainable command();

} // namespace troupe
