#include "store/journal.hpp"

#include "base/json.hpp"
#include "store/event_json.hpp"
#include "store/event_text.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <utility>

namespace troupe {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t application_id = 0x54525550; // 'TRUP'
constexpr std::int64_t format = 1;
constexpr int page_size = 1000;

constexpr std::string_view tables = R"(
  CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE events(
    seq INTEGER PRIMARY KEY,
    time_ns INTEGER NOT NULL,
    trial INTEGER,
    kind TEXT NOT NULL,
    data TEXT NOT NULL) STRICT;
)";

sqlite::database open(const fs::path& file, sqlite::open_mode mode) {
  if (mode == sqlite::open_mode::read && !fs::exists(file))
    throw journal_error{fmt::format("{}: no such file; is {} the results folder of a study?",
                                    file.string(), file.parent_path().string())};
  return {file, mode};
}

/// Checks that the database is a journal that this version understands.
void check_format(sqlite::database& db) {
  const auto name = db.file().string();
  const auto foreign = [&] { return journal_error{name + ": is not the journal of a study"}; };
  try {
    if (db.select_integer("PRAGMA application_id") != application_id) throw foreign();
  } catch (const sqlite::error& e) {
    if (e.code() == SQLITE_NOTADB) throw foreign();
    throw;
  }
  const auto found =
      db.select_integer("SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'format'");
  if (found != format)
    throw journal_error{fmt::format("{}: was written by a newer Troupe (format {}, known is {}); "
                                    "read it with that version",
                                    name, found.value_or(0), format)};
}

bool is_blank(sqlite::database& db) {
  return db.select_integer("SELECT count(*) FROM sqlite_master") == 0 &&
         db.select_integer("PRAGMA application_id") == 0;
}

void create_tables(sqlite::database& db) {
  sqlite::transaction change{db};
  db.execute(std::string{tables});
  db.execute(fmt::format("INSERT INTO meta VALUES('format', '{}'); PRAGMA application_id = {}",
                         format, application_id));
  change.commit();
}

} // namespace

bool is_journal(const fs::path& file) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return false;
  if (fs::file_size(file, error) == 0) return true;
  // SQLite's header is 100 bytes: a fixed text first, the application id at 68, big-endian.
  std::array<char, 100> header{};
  std::ifstream{file, std::ios::binary}.read(header.data(), header.size());
  const std::string_view bytes{header.data(), header.size()};
  return bytes.starts_with("SQLite format 3") && bytes.substr(68, 4) == "TRUP";
}

// -- journal_writer ------------------------------------------------------------------------------

journal_writer::journal_writer(const fs::path& file)
    : database_{open(file, sqlite::open_mode::create)} {
  // The tables are made before the write-ahead log is turned on, so that the file itself, not only
  // the log beside it, says what it is.
  if (const auto size = fs::file_size(file); size == 0 || is_blank(database_))
    create_tables(database_);
  check_format(database_);
  database_.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  last_seq_ = static_cast<std::uint64_t>(
      database_.select_integer("SELECT max(seq) FROM events").value_or(0));
  insert_.emplace(database_, "INSERT INTO events VALUES(?1, ?2, ?3, ?4, ?5)");
}

journal_writer::~journal_writer() {
  transaction_.reset();
  try {
    // One file without a log beside it can be copied, and read from folders without write access.
    database_.execute("PRAGMA journal_mode = DELETE");
  } catch (const sqlite::error&) {
    // A reader has it open: the log stays, which harms nothing.
  }
}

void journal_writer::append(const event& e) {
  data_.clear();
  append_journal_data(data_, e.body, written_metrics{e.body});
  append(e, data_);
}

void journal_writer::append(const event& e, std::string_view data) {
  if (e.seq != last_seq_ + 1)
    throw std::logic_error{
        fmt::format("event {} cannot follow event {} in a journal", e.seq, last_seq_)};
  if (!transaction_) transaction_.emplace(database_);
  insert_->bind(1, static_cast<std::int64_t>(e.seq)).bind(2, e.time_ns);
  insert_->bind(3, e.trial).bind(4, kind(e.body)).bind(5, data);
  insert_->run();
  last_seq_ = e.seq;
}

void journal_writer::commit() {
  if (!transaction_) return;
  transaction_->commit();
  transaction_.reset();
}

// -- journal_reader ------------------------------------------------------------------------------

journal_reader::journal_reader(const fs::path& file) : journal_reader{file, 1, journal_check{}} {}

journal_reader journal_reader::unchecked(const fs::path& file, std::uint64_t from) {
  return {file, std::max<std::uint64_t>(from, 1), std::nullopt};
}

journal_reader::journal_reader(const fs::path& file, std::uint64_t from,
                               std::optional<journal_check> check)
    : database_{open(file, sqlite::open_mode::read)},
      check_{std::move(check)},
      next_seq_{from} {
  check_format(database_);
  select_.emplace(database_, fmt::format("SELECT seq, time_ns, trial, kind, data FROM events "
                                         "WHERE seq >= ?1 ORDER BY seq LIMIT {}",
                                         page_size));
}

/// Reads the event that the statement stands at. Throws std::exception for one that is none.
event journal_reader::read_row() {
  event e;
  e.seq = static_cast<std::uint64_t>(select_->integer(0));
  if (e.seq != next_seq_) throw std::invalid_argument{"the events before it are missing"};
  e.time_ns = select_->integer(1);
  if (const auto trial = select_->optional_integer(2)) {
    if (!std::in_range<trial_number>(*trial))
      throw std::invalid_argument{fmt::format("{} is no trial's number", *trial)};
    e.trial = static_cast<trial_number>(*trial);
  }
  e.body = event_body_from_json(select_->text(3), parse_json(select_->text(4)).as_object());
  if (check_) check_->take(e);
  return e;
}

void journal_reader::fill() {
  select_->bind(1, static_cast<std::int64_t>(next_seq_));
  while (select_->step()) {
    try {
      page_.push_back(read_row());
    } catch (const std::exception& problem) {
      const auto seq = select_->integer(0);
      select_->reset();
      if (!page_.empty()) return; // First what came before it.
      throw journal_error{
          fmt::format("{}: event {}: {}", database_.file().string(), seq, problem.what())};
    }
    ++next_seq_;
  }
  select_->reset();
}

std::optional<event> journal_reader::next() {
  if (page_.empty()) fill();
  if (page_.empty()) return std::nullopt;
  auto e = std::move(page_.front());
  page_.pop_front();
  return e;
}

} // namespace troupe
