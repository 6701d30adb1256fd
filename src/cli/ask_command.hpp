#pragma once

#include <troupe/trainable.hpp>

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// What `troupe ask` was told on the command line. Times are in seconds, above 0.
struct ask_options {
  std::string file; ///< The study file.
  std::vector<std::string> overrides;
  std::string folder;
  std::optional<std::string> client;
  std::optional<double> lease_s; ///< For so long its holder may be silent.
  std::optional<double> wait_s;  ///< For so long it waits for a trial.
};

/// Prints the trial to train next, as {"id", "params"}; one that was paused or is tried again also
/// has "from_iteration", if it has reported before; one under a lease has "token". While it waits,
/// signals end the process. Callbacks of the study that `known` has hear of what is done. Returns
/// the exit code.
int ask_command(const ask_options& options, const registry& known, std::ostream& out,
                std::ostream& err);

/// What `troupe tell` was told on the command line.
struct tell_options {
  std::string folder;
  std::string id;
  std::optional<std::string> token;
  std::vector<std::string> values; ///< One per objective and constraint.
  std::optional<int> step;
  std::optional<std::string> failure; ///< Why the trial failed.
};

/// Takes note of what a trial came to, or of a report; for that, prints CONTINUE, STOP or PAUSE.
int tell_command(const tell_options& options, const registry& known, std::ostream& out,
                 std::ostream& err);

/// What `troupe renew` and `troupe drop` were told on the command line.
struct holding_options {
  std::string folder;
  std::string id;
  std::optional<std::string> token;
  std::optional<double> lease_s; ///< From now on; default: as before.
};

/// Lets a trial's lease begin anew, and says on `err` when it runs out.
int renew_command(const holding_options& options, std::ostream& err);

/// Takes a trial from whoever has it open, for others to ask for, and says so on `err`.
int drop_command(const holding_options& options, std::ostream& err);

} // namespace troupe
