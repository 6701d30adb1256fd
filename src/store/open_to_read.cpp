#include "store/open_to_read.hpp"

#include "store/database_copy.hpp"
#include "store/file_system.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <string>

namespace troupe::sqlite {

namespace {

namespace fs = std::filesystem;

/// Opens `file` and reads something: only then SQLite looks at what its last writer left.
/// Messages call it `name`.
database read_something(const fs::path& file, const fs::path& name) {
  database db{file, open_mode::read};
  db.rename(name);
  db.select_integer("PRAGMA schema_version");
  return db;
}

database open_copy(const fs::path& file) {
  const database_copy copy{file};
  return read_something(copy.file(), file); // it stays until it is closed, though without a name
}

} // namespace

database open_to_read(const fs::path& file) {
  std::string why = file.string() + ": is on a network file system";
  int code = SQLITE_CANTOPEN;
  if (!is_on_network(file)) {
    try {
      return read_something(file, file);
    } catch (const error& problem) {
      code = problem.code();
      const bool is_full =
          code == SQLITE_IOERR || code == SQLITE_FULL; // no room to read with others
      if (!is_full && code != SQLITE_READONLY && code != SQLITE_CANTOPEN) throw;
      why = fmt::format("{}{}", problem.what(), is_full ? "" : "; its last writer died");
    }
  }
  try {
    return open_copy(file);
  } catch (const fs::filesystem_error& e) {
    throw error{fmt::format("{}, and no copy to read could be made: {}", why, e.code().message()),
                code};
  }
}

} // namespace troupe::sqlite
