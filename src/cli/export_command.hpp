#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace troupe {

struct export_options {
  std::filesystem::path folder;
  std::string what; ///< "csv", "jsonl", "tensorboard", "model".
  std::optional<std::filesystem::path> to;
};

/// Writes a study, or its best model, as other tools read it. Returns the exit code. Throws
/// folder_error if there is no study, or where the output should be there is something already that
/// would be lost.
int export_command(const export_options& o, std::ostream& out, std::ostream& err);

} // namespace troupe
