#pragma once

#include <filesystem>
#include <iosfwd>

namespace troupe {

/// `troupe verify DIR`: puts a study's journal through its searcher and scheduler again and prints
/// how many of their decisions differ on `out`, the first of them on `err`. Returns the exit code.
/// Throws what verify() throws.
int verify_command(const std::filesystem::path& folder, std::ostream& out, std::ostream& err);

} // namespace troupe
