#pragma once

#include "store/sqlite.hpp"

#include <filesystem>

namespace troupe::sqlite {

/// Opens `file`, which must exist, for reading, whatever its last writer has left: after one that
/// has died, SQLite must first take back, or complete, what is half done. Where the file or its
/// folder cannot be written to, or the disk is full, that happens in a copy (database_copy), which
/// goes with the object. On a network file system it is always a copy: what is written later is not
/// in it. Nothing else is changed. Throws error.
database open_to_read(const std::filesystem::path& file);

} // namespace troupe::sqlite
