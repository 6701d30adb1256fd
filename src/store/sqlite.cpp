#include "store/sqlite.hpp"

#include "store/system_lock.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>

namespace troupe::sqlite {

namespace {

std::string_view remedy(int code) {
  switch (code) {
  case SQLITE_FULL:
    return "; free some disk space";
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return "; another process uses it: end that one, or try again later";
  case SQLITE_READONLY:
  case SQLITE_PERM:
    return "; the file or its folder cannot be written to";
  case SQLITE_CANTOPEN:
    return "; is the path right, and may you read it?";
  case SQLITE_IOERR:
    return "; the disk, or the file server, may be failing: look at the system's log";
  case SQLITE_NOTADB:
    return "; the path names another kind of file";
  case SQLITE_CORRUPT:
    return "; the file is damaged: restore it from a copy";
  default:
    return "";
  }
}

int open_flags(open_mode mode) {
  switch (mode) {
  case open_mode::read:
  case open_mode::write:
  case open_mode::alone:
    return SQLITE_OPEN_READWRITE;
  case open_mode::create:
    return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  }
  return 0;
}

} // namespace

std::string plain_name(const std::filesystem::path& file) {
  return file.native().starts_with("file:") ? "./" + file.string() : file.string();
}

// -- database ------------------------------------------------------------------------------------

void database::closer::operator()(sqlite3* db) const noexcept {
  sqlite3_close_v2(db);
}

void database::fail(int code) const {
  // SQLite's own words come first: they are what a search engine knows.
  std::string said = handle_ ? sqlite3_errmsg(handle_.get()) : sqlite3_errstr(code);
  int kind = code & 0xff;
  if (const int cause = handle_ ? sqlite3_system_errno(handle_.get()) : 0;
      cause != 0 && (kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN)) {
    said += fmt::format(" ({})", std::generic_category().message(cause));
    if (cause == ENOSPC || cause == EDQUOT) kind = SQLITE_FULL;
  }
  throw error{fmt::format("{}: {}{}", file_.string(), said, remedy(kind)), kind};
}

database::database(const std::filesystem::path& file, open_mode mode) : file_{file} {
  // SQLite takes an unknown lock for one that somebody else has.
  const bool lockless = mode == open_mode::alone && !knows_locks(file);
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(plain_name(file).c_str(), &raw,
                                   open_flags(mode) | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                                   lockless ? "unix-none" : nullptr);
  handle_.reset(raw);
  if (code != SQLITE_OK) fail(code);
  sqlite3_busy_timeout(raw, 10'000);
  if (mode == open_mode::read) {
    execute("PRAGMA query_only = ON");
    // What a writer that died has left in its log stays there for the next one.
    sqlite3_db_config(raw, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  }
  if (mode == open_mode::alone) execute("PRAGMA locking_mode = EXCLUSIVE");
}

void database::let_others_in() {
  // The lock goes, and with it the rollback journal, when something is read.
  execute("PRAGMA locking_mode = NORMAL; SELECT count(*) FROM sqlite_schema");
}

void database::close_without_trace() noexcept {
  sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

void database::execute(const std::string& sql) {
  const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code);
}

void database::sync_log() {
  sqlite3_file* log = nullptr;
  int code = sqlite3_file_control(handle_.get(), "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  if (code == SQLITE_OK && log && log->pMethods)
    code = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
  if (code != SQLITE_OK) fail(code);
}

std::optional<std::int64_t> database::select_integer(std::string_view sql) {
  statement select{*this, sql};
  return select.step() ? select.optional_integer(0) : std::nullopt;
}

std::string database::image() const {
  sqlite3_int64 size = 0;
  const std::unique_ptr<unsigned char, decltype(&sqlite3_free)> bytes{
      sqlite3_serialize(handle_.get(), "main", &size, 0), &sqlite3_free};
  if (!bytes) fail(SQLITE_NOMEM);
  return {reinterpret_cast<const char*>(bytes.get()), static_cast<std::size_t>(size)};
}

// -- statement -----------------------------------------------------------------------------------

void statement::finalizer::operator()(sqlite3_stmt* s) const noexcept {
  sqlite3_finalize(s);
}

void statement::check(int code) const {
  if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE) database_->fail(code);
}

statement::statement(const database& db, std::string_view sql) : database_{&db} {
  sqlite3_stmt* raw = nullptr;
  check(sqlite3_prepare_v3(db.handle_.get(), sql.data(), static_cast<int>(sql.size()),
                           SQLITE_PREPARE_PERSISTENT, &raw, nullptr));
  handle_.reset(raw);
}

statement& statement::bind(int index, std::int64_t value) {
  check(sqlite3_bind_int64(handle_.get(), index, value));
  return *this;
}

statement& statement::bind(int index, std::optional<std::int64_t> value) {
  if (value) return bind(index, *value);
  check(sqlite3_bind_null(handle_.get(), index));
  return *this;
}

statement& statement::bind(int index, std::string_view value) {
  check(sqlite3_bind_text64(handle_.get(), index, value.data(), value.size(), SQLITE_STATIC,
                            SQLITE_UTF8));
  return *this;
}

statement& statement::bind_real(int index, std::optional<double> value) {
  check(value ? sqlite3_bind_double(handle_.get(), index, *value)
              : sqlite3_bind_null(handle_.get(), index));
  return *this;
}

statement& statement::bind_blob(int index, std::string_view bytes) {
  check(sqlite3_bind_blob64(handle_.get(), index, bytes.data(), bytes.size(), SQLITE_STATIC));
  return *this;
}

bool statement::step() {
  const int code = sqlite3_step(handle_.get());
  check(code);
  return code == SQLITE_ROW;
}

void statement::run() {
  struct resetter {
    statement& owner;
    ~resetter() { owner.reset(); }
  } guard{*this};
  while (step()) {
  }
}

void statement::reset() noexcept {
  sqlite3_reset(handle_.get());
}

std::int64_t statement::integer(int column) const noexcept {
  return sqlite3_column_int64(handle_.get(), column);
}

std::optional<std::int64_t> statement::optional_integer(int column) const noexcept {
  if (sqlite3_column_type(handle_.get(), column) == SQLITE_NULL) return std::nullopt;
  return integer(column);
}

double statement::real(int column) const noexcept {
  return sqlite3_column_double(handle_.get(), column);
}

std::string_view statement::text(int column) const noexcept {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(handle_.get(), column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column));
  return bytes ? std::string_view{bytes, size} : std::string_view{};
}

std::string_view statement::blob(int column) const noexcept {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(handle_.get(), column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column));
  return bytes ? std::string_view{bytes, size} : std::string_view{};
}

// -- transaction ---------------------------------------------------------------------------------

transaction::transaction(database& db) : database_{db} {
  database_.execute("BEGIN IMMEDIATE");
}

transaction::~transaction() {
  if (!open_) return;
  try {
    database_.execute("ROLLBACK");
  } catch (const error&) {
    // SQLite has already rolled back by itself, as it does on a full disk.
  }
}

void transaction::commit() {
  database_.execute("COMMIT");
  open_ = false;
}

} // namespace troupe::sqlite
