#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace troupe {

/// What `troupe suggest` was told on the command line.
struct suggest_options {
  std::string file; ///< The study file.
  std::vector<std::string> overrides;
  std::string history; ///< Past trials, one JSON object a line; empty: none.
  std::uint64_t count = 1;
};

/// Prints `count` suggestions for what to try after the history, one a line: {"number", "params"}.
/// They are independent of each other: each knows the history alone. Fewer if the searcher is
/// exhausted. Returns the exit code.
int suggest_command(const suggest_options& options, std::ostream& out, std::ostream& err);

} // namespace troupe
