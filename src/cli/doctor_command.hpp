#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>

namespace troupe {

/// Prints what is wrong with a study's folder, one finding a line, on `out`; with `repair`, puts
/// right what can be put right. On `err`: how much was looked at, and which folder, if none was
/// given: the study in the current folder, or the only one below results/. Returns the exit code.
/// Throws folder_error if there is no study, or, with `repair`, if it is in use.
int doctor_command(const std::optional<std::filesystem::path>& folder, bool repair,
                   std::ostream& out, std::ostream& err);

} // namespace troupe
