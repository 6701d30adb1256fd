#pragma once

#include <iosfwd>
#include <string>

namespace troupe {

/// `troupe replay FILE|- [--check]`: puts recorded cases, one a line (see replay), through the
/// decision code. `file` is a path, or "-" for standard input; gzip is recognised by its first
/// bytes.
///
/// Prints each case with its own outcomes to `out`; with `check` only the first difference from
/// what was recorded, with line and event counted from 1, and how many there are.
///
/// Returns the exit code: 0; 1 if `check` found a difference; 2 if the file cannot be read or a
/// line is not a case, which `err` is told with file and line.
int replay_command(const std::string& file, bool check, std::ostream& out, std::ostream& err);

} // namespace troupe
