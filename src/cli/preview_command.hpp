#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace troupe {

/// What `troupe preview` was told on the command line.
struct preview_options {
  std::string file; ///< The study file.
  std::vector<std::string> overrides;
  bool json = false;
};

/// Prints what a study would run, and how much of that is certain before any result is there.
/// Returns the exit code.
int preview_command(const preview_options& options, std::ostream& out);

} // namespace troupe
