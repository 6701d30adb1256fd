#pragma once

#include <troupe/open_results.hpp>

#include <filesystem>

namespace troupe {

/// Writes a study as TensorBoard reads it: a folder with one run per trial, its id, which has each
/// metric as scalars by iteration, and its configuration and end for the HParams tab; beside them
/// what the study varies and measures. Parameters go by their paths. Returns how many runs there
/// are: trials that have not been started have none. `folder` is made, and must not be there.
/// Throws folder_error.
std::size_t write_tensorboard(const opened_results& study, const std::filesystem::path& folder);

} // namespace troupe
