#pragma once

#include <filesystem>
#include <string>

namespace troupe {

/// Returns the SHA-256 of a file's content in lower-case hexadecimal. Throws data_error if the file
/// cannot be read.
std::string sha256_of(const std::filesystem::path& file);

} // namespace troupe
