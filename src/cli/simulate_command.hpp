#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// What `troupe simulate` was told on the command line.
struct simulate_options {
  std::string file;
  std::vector<std::string> overrides;  ///< KEY=JSON, from --set and its short forms.
  std::optional<std::uint64_t> trials; ///< None: as many as the study, or the journal, has.
  std::uint32_t workers = 1;
  std::string curve;   ///< A family of learning curves; empty: those of `journal`.
  std::string journal; ///< The results folder of a former study.
  bool json = false;
};

/// `troupe simulate`: runs a study in virtual time and prints to `out` what it came to; to `err`,
/// what people should know about it. Returns the exit code: 0, or 1 if no trial has a result.
/// Throws invalid_study, and std::invalid_argument or folder_error for the other options.
int simulate_command(const simulate_options& options, std::ostream& out, std::ostream& err);

} // namespace troupe
