#include "store/database_copy.hpp"

#include "store/sqlite.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>

namespace troupe::sqlite {

namespace {

namespace fs = std::filesystem;

/// A writer that is at it meanwhile may spoil so many copies.
constexpr int most_copies = 20;

fs::path with_suffix(fs::path path, std::string_view suffix) {
  return path += suffix;
}

fs::path make_private_folder() {
  auto name = (fs::temp_directory_path() / "troupe-XXXXXX").string();
  if (!::mkdtemp(name.data()))
    throw fs::filesystem_error{"no copy", name, {errno, std::generic_category()}};
  return name;
}

/// What changes whenever somebody writes to a file.
struct trace {
  bool exists = false;
  std::uintmax_t size = 0;
  fs::file_time_type time;
  std::string header; ///< Of the log of writes, its first 32 bytes: what its frames belong to.
  bool operator==(const trace&) const = default;
};

trace trace_of(const fs::path& part) {
  // Opening it first makes a client of a file server ask for what is there now.
  std::array<char, 32> header{};
  std::ifstream stream{part, std::ios::binary};
  stream.read(header.data(), header.size());
  trace found;
  std::error_code error;
  found.exists = fs::exists(part);
  if (!found.exists) return found;
  found.size = fs::file_size(part, error);
  found.time = fs::last_write_time(part, error);
  found.header.assign(header.data(), static_cast<std::size_t>(stream.gcount()));
  return found;
}

/// What a database is made of; -shm is only a cache of -wal.
struct parts {
  trace database, journal, log;
};

parts parts_of(const fs::path& file) {
  return {trace_of(file), trace_of(with_suffix(file, "-journal")),
          trace_of(with_suffix(file, "-wal"))};
}

/// Returns whether what was copied in between, the database before its log, is of one moment. While
/// a log is the same it only grows, and has every page that is moved from it into the database; a
/// reader takes the pages from it, and stops at what is not there in full.
bool is_of_one_moment(const parts& before, const parts& after) {
  const bool has_log = before.log.header.size() == 32 && before.journal.size == 0;
  if (has_log && after.journal.size == 0) return before.log.header == after.log.header;
  return before.database == after.database && before.journal == after.journal &&
         before.log == after.log;
}

void copy_parts(const fs::path& from, const fs::path& to) {
  for (const auto* suffix : {"", "-journal", "-wal"}) {
    const auto copied = with_suffix(to, suffix);
    fs::remove(copied);
    std::error_code error;
    fs::copy_file(with_suffix(from, suffix), copied, error);
    // Its writer may remove a log meanwhile: then this is not of one moment.
    if (error == std::errc::no_such_file_or_directory && *suffix) continue;
    if (error) throw fs::filesystem_error{"no copy", copied, error};
    fs::permissions(copied, fs::perms::owner_write, fs::perm_options::add);
  }
}

void copy_moment(const fs::path& from, const fs::path& to) {
  for (int i = 0; i < most_copies; ++i) {
    const auto before = parts_of(from);
    copy_parts(from, to);
    if (is_of_one_moment(before, parts_of(from))) return;
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  throw error{fmt::format("{}: changed each time that it was read; try again later", from.string()),
              SQLITE_BUSY};
}

/// Messages name the file that it is a copy of.
void make_one_file(const fs::path& file, const fs::path& original) {
  database db{file, open_mode::alone};
  db.rename(original);
  db.execute("PRAGMA journal_mode = DELETE");
  db.let_others_in();
}

} // namespace

database_copy::database_copy(const fs::path& file)
    : folder_{make_private_folder()},
      file_{folder_ / file.filename()} {
  try {
    copy_moment(file, file_);
    make_one_file(file_, file);
  } catch (const std::exception&) {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
    throw;
  }
}

database_copy::~database_copy() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

} // namespace troupe::sqlite
