#pragma once

#include "cli/study_run.hpp"

#include <string>
#include <vector>

namespace troupe {

/// What `troupe run` was told on the command line.
struct run_options {
  std::string file;
  std::vector<std::string> overrides; ///< KEY=JSON, from --set and its short forms.
  run_style how;
  std::string out; ///< Empty: results/NAME.
  bool overwrite = false;
  bool resume = false;
};

/// `troupe run`: runs a study, or goes on with it. Returns the exit code. Throws what run_study
/// throws, and invalid_study.
int run_command(const run_options& options, const registry& known);

/// What `troupe resume` was told.
struct resume_options {
  std::string folder;
  std::vector<std::string> overrides;
  run_style how;
  bool retry_failed = false;
};

/// `troupe resume`: goes on with the study in a folder. The same.
int resume_command(const resume_options& options, const registry& known);

} // namespace troupe
