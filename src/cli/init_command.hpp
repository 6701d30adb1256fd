#pragma once

#include <troupe/trainable.hpp>

#include <filesystem>
#include <iosfwd>
#include <string>

namespace troupe {

struct init_options {
  std::string trainable = "command";         ///< Which one the study is to tune.
  std::filesystem::path file = "study.json"; ///< "-": standard output.
  bool overwrite = false;
};

/// Writes a study file to begin with. Returns the exit code. Throws invalid_study for an unknown
/// trainable, and folder_error if the file is there, or cannot be written.
int init_command(const init_options& o, const registry& known, std::ostream& out,
                 std::ostream& err);

} // namespace troupe
