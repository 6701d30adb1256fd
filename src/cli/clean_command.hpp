#pragma once

#include <cstddef>
#include <filesystem>
#include <iosfwd>

namespace troupe {

/// What `troupe clean` was told.
struct clean_options {
  std::filesystem::path folder;
  std::size_t keep_best = 1; ///< So many of the best trials keep their checkpoints.
  bool yes = false;          ///< Removes what it prints.
};

/// `troupe clean DIR`: prints what of a study's folder can go, one a line with its size and why, on
/// `out`; what stays, and whether it is gone, on `err`. Returns the exit code. Throws folder_error
/// if there is no study, or it is in use, and what cleaning throws.
int clean_command(const clean_options& options, std::ostream& out, std::ostream& err);

} // namespace troupe
