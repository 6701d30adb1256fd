#pragma once

#include <filesystem>
#include <iosfwd>

namespace troupe {

/// `troupe events STUDY_DIR`: prints the journal as JSON lines, also while the study runs. Returns
/// the exit code. Throws folder_error if there is no journal, or none that can be read.
int events_command(const std::filesystem::path& folder, std::ostream& out);

} // namespace troupe
