#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace troupe {

class registry;

/// What `troupe preview` was told on the command line.
struct preview_options {
  std::string file; ///< The study file.
  std::vector<std::string> overrides;
  bool json = false;
};

/// Prints what a study would run, and how much of that is certain before any result is there. If it
/// names a trainable of this program, that has its say on the study. Returns the exit code.
int preview_command(const preview_options& options, const registry& known, std::ostream& out);

} // namespace troupe
