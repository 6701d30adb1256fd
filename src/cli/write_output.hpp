#pragma once

#include "store/study_layout.hpp"

#include <filesystem>
#include <string_view>

namespace troupe {

/// Writes a text where a user wants it: a regular file, or what a link leads to, is replaced as a
/// whole, or stays if that fails; a device or a pipe is written to. Throws folder_error for a
/// folder, for what cannot be written, and std::invalid_argument for an empty name.
void write_output(const std::filesystem::path& file, std::string_view text);

/// Throws folder_error if a file would be among those that are the study.
void refuse_place(const std::filesystem::path& file, const study_layout& layout);

} // namespace troupe
