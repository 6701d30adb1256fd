#pragma once

#include <troupe/trainable.hpp>

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// What `troupe fork` was told.
struct fork_options {
  std::string folder; ///< Of the study that is there; with `optuna`, the new one's study file.
  std::optional<std::string> optuna;  ///< A file of Optuna's storage, with the past,
  std::optional<std::string> study;   ///< and which study of it.
  std::string out;                    ///< Of the new one.
  std::vector<std::string> overrides; ///< KEY=JSON: in what the new one differs.
};

/// `troupe fork DIR --out NEW`, `troupe fork --optuna FILE.db STUDY.json --out NEW`: begins a new
/// study with the results of another, and says on `err` how many. Returns the exit code. Throws
/// what fork() throws, and invalid_study.
int fork_command(const fork_options& options, const registry& known, std::ostream& err);

} // namespace troupe
