#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// What `troupe ask` was told on the command line.
struct ask_options {
  std::string file; ///< The study file.
  std::vector<std::string> overrides;
  std::string folder;
  std::optional<std::string> client;
};

/// Prints the trial to train next, as {"id", "params"}; one that was paused or is tried again also
/// has "from_iteration", if it has reported before. Returns the exit code.
int ask_command(const ask_options& options, std::ostream& out, std::ostream& err);

/// What `troupe tell` was told on the command line.
struct tell_options {
  std::string folder;
  std::string id;
  std::vector<std::string> values; ///< One per objective and constraint.
  std::optional<int> step;
  std::optional<std::string> failure; ///< Why the trial failed.
};

/// Takes note of what a trial came to, or of a report; for that, prints CONTINUE, STOP or PAUSE.
int tell_command(const tell_options& options, std::ostream& out, std::ostream& err);

} // namespace troupe
