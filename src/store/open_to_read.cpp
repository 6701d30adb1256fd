#include "store/open_to_read.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace troupe::sqlite {

namespace {

namespace fs = std::filesystem;

/// A writer that is at it meanwhile may spoil so many copies.
constexpr int most_copies = 20;

/// What a database is made of; -shm is only a cache of -wal.
constexpr std::string_view suffixes[] = {"", "-journal", "-wal"};

/// A new folder for this process alone, removed with all that is in it.
class private_folder {
public:
  private_folder() : path_{(fs::temp_directory_path() / "troupe-XXXXXX").string()} {
    if (!::mkdtemp(path_.data()))
      throw fs::filesystem_error{"no copy", path_, {errno, std::generic_category()}};
  }
  private_folder(const private_folder&) = delete;
  private_folder& operator=(const private_folder&) = delete;
  ~private_folder() {
    std::error_code error;
    fs::remove_all(path_, error);
  }
  fs::path path() const { return path_; }

private:
  std::string path_;
};

/// What changes whenever somebody writes.
struct trace {
  std::uintmax_t size = 0;
  fs::file_time_type time;
  bool operator==(const trace&) const = default;
};

std::vector<trace> traces_of(const fs::path& file) {
  std::vector<trace> all;
  for (const auto suffix : suffixes) {
    const auto part = fs::path{file} += suffix;
    std::error_code error;
    if (fs::exists(part)) all.push_back({fs::file_size(part, error), fs::last_write_time(part)});
  }
  return all;
}

void copy_parts(const fs::path& from, const fs::path& to) {
  for (const auto suffix : suffixes)
    if (const auto part = fs::path{from} += suffix; fs::exists(part)) {
      const auto copied = fs::path{to} += suffix;
      fs::remove(copied);
      fs::copy_file(part, copied);
      fs::permissions(copied, fs::perms::owner_write, fs::perm_options::add);
    }
}

/// Opens `file` and reads something: only then SQLite looks at what its last writer left.
database read_something(const fs::path& file) {
  database db{file, open_mode::read};
  db.select_integer("PRAGMA schema_version");
  return db;
}

database open_copy(const fs::path& file) {
  const private_folder folder;
  const auto name = folder.path() / file.filename();
  for (int i = 0; i < most_copies; ++i) {
    const auto before = traces_of(file);
    copy_parts(file, name);
    if (traces_of(file) == before) break;
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  database{name, open_mode::write}.execute("PRAGMA journal_mode = DELETE");
  return read_something(name); // the copy stays until it is closed, though without a name
}

} // namespace

database open_to_read(const fs::path& file) {
  try {
    return read_something(file);
  } catch (const error& problem) {
    if (problem.code() != SQLITE_READONLY && problem.code() != SQLITE_CANTOPEN) throw;
    try {
      auto copied = open_copy(file);
      copied.rename(file);
      return copied;
    } catch (const fs::filesystem_error& e) {
      throw error{fmt::format("{}; its last writer died, and no copy to read could be made: {}",
                              problem.what(), e.code().message()),
                  problem.code()};
    }
  }
}

} // namespace troupe::sqlite
