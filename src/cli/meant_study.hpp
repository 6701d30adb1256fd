#pragma once

#include "store/study_layout.hpp"

#include <filesystem>
#include <iosfwd>
#include <optional>

namespace troupe {

/// Returns the study that a command means: that of the folder it names; where it names none, that
/// of the current folder, or the only one in results/, which it says on `err`. Throws folder_error
/// if there is none, or are several.
study_layout meant_study(const std::optional<std::filesystem::path>& named, std::ostream& err);

} // namespace troupe
