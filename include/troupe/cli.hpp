#pragma once

#include <troupe/trainable.hpp>

namespace troupe {

/// The whole command line of Troupe for the trainables of `known`: a user's own program is
///
///     int main(int argc, char** argv) {
///       return troupe::cli_main(argc, argv, troupe::registry{}.add("mine", train));
///     }
///
/// Returns the process's exit code (docs/cli.md). Never throws. Takes over SIGINT and SIGTERM while
/// a study runs; call it from main, before other threads exist. Studies whose trials are commands
/// start the program once more, as the guardian of those: so call it before all else.
int cli_main(int argc, char** argv, const registry& known);

} // namespace troupe
