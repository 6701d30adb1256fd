#pragma once

#include <troupe/trainable.hpp>

#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// What `troupe run` was told on the command line.
struct run_options {
  std::string file;
  std::vector<std::string> overrides; ///< KEY=JSON, from --set and its short forms.
  std::string data_dir = "data";
  std::string device; ///< "cpu", "cuda", "cuda:N"; empty: as the study's resources say.
  std::string out;    ///< Empty: results/NAME.
  bool overwrite = false;
  bool json = false;
  bool events = false;
};

/// `troupe run`: runs a study, shows it on stderr, prints what it came to on stdout. Returns the
/// exit code. Throws invalid_study, folder_error, resource_error and data_error before the first
/// trial.
int run_command(const run_options& options, const registry& known);

} // namespace troupe
