#pragma once

#include <filesystem>

namespace troupe::sqlite {

/// Replaces a database by a copy of itself, of one file, durably: whoever still has the former file
/// open can change it no more. Whoever dies in between leaves a whole database. Throws error or
/// folder_error. Precondition: nobody writes to it, but for those that are to be kept off.
void renew_database(const std::filesystem::path& file);

} // namespace troupe::sqlite
