#include "store/journal.hpp"

#include "store/event_text.hpp"
#include "store/file_system.hpp"
#include "store/journal_format.hpp"
#include "store/open_to_read.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <utility>

namespace troupe {

namespace {

namespace fs = std::filesystem;

constexpr int page_size = 1000;

journal_error foreign(const fs::path& file) {
  return journal_error{file.string() + ": is not the journal of a study"};
}

sqlite::database open(const fs::path& file) {
  if (!fs::exists(file))
    throw journal_error{fmt::format("{}: no such file; is {} the results folder of a study?",
                                    file.string(), file.parent_path().string())};
  try {
    return sqlite::open_to_read(file);
  } catch (const sqlite::error& e) {
    if (e.code() == SQLITE_NOTADB) throw foreign(file);
    throw;
  }
}

/// What SQLite calls it: FULL waits for the disk at every commit, NORMAL only before it moves the
/// write-ahead log's pages into the file, OFF never.
std::string_view synchronous(durability how) {
  if (how == durability::sync) return "FULL";
  return how == durability::group ? "NORMAL" : "OFF";
}

/// A journal has its name only when it is one: it is made in memory and written under another.
void create_file(const fs::path& file) {
  sqlite::database made{":memory:", sqlite::open_mode::create};
  journal_format::create(made);
  write_atomically(file, made.image());
}

/// Returns which file it is, if it is on a network file system.
std::optional<file_identity> make_if_needed(const fs::path& file) {
  // Whoever opens a database that has been moved away makes an empty one in its place.
  std::error_code error;
  if (!fs::exists(file) || (fs::is_regular_file(file) && fs::file_size(file, error) == 0))
    create_file(file);
  return is_on_network(file) ? std::optional{identity_of(file)} : std::nullopt;
}

} // namespace

void refuse_event(const fs::path& file, std::uint64_t seq, const std::exception& problem) {
  throw journal_error{fmt::format("{}: event {}: {}", file.string(), seq, problem.what())};
}

bool is_journal(const fs::path& file) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return false;
  // SQLite's header is 100 bytes: a fixed text first, the application id at 68, big-endian.
  std::array<char, 100> header{};
  std::ifstream{file, std::ios::binary}.read(header.data(), header.size());
  const std::string_view bytes{header.data(), header.size()};
  return bytes.starts_with("SQLite format 3") && bytes.substr(68, 4) == "TRUP";
}

std::uint64_t last_seq_in(const fs::path& file) {
  auto database = open(file);
  return static_cast<std::uint64_t>(
      database.select_integer("SELECT max(seq) FROM events").value_or(0));
}

// -- journal_writer ------------------------------------------------------------------------------

journal_writer::journal_writer(const fs::path& file, durability how)
    : shared_file_{make_if_needed(file)},
      database_{file, shared_file_ ? sqlite::open_mode::alone : sqlite::open_mode::write},
      durability_{shared_file_ && how == durability::group ? durability::sync : how} {
  journal_format::migrate(database_);
  open_log();
  last_seq_ = static_cast<std::uint64_t>(
      database_.select_integer("SELECT max(seq) FROM events").value_or(0));
  insert_.emplace(database_, "INSERT INTO events VALUES(?1, ?2, ?3, ?4, ?5)");
}

journal_writer::~journal_writer() {
  insert_.reset();
  transaction_.reset();
  try {
    fold_log();
  } catch (const std::exception&) {
    // A reader has it open: the log stays, which harms nothing.
  }
}

void journal_writer::open_log() {
  // The mode is in the file, and changing it waits for the disk four times: for those who mind.
  if (durability_ == durability::off) database_.execute("PRAGMA synchronous = OFF");
  database_.execute("PRAGMA journal_mode = WAL");
  // While a log is the same, copies can be made. So many pages, some 64 MB, are more than what is
  // written while one is made.
  if (shared_file_) database_.execute("PRAGMA wal_autocheckpoint = 16384");
  database_.execute(fmt::format("PRAGMA synchronous = {}", synchronous(durability_)));
}

/// One file without a log beside it can be copied, and read from folders without write access.
void journal_writer::fold_log() {
  // What is beside a file that has been replaced is its successor's.
  if (shared_file_ && identity_of(database_.file()) != shared_file_)
    return database_.close_without_trace();
  database_.execute("PRAGMA journal_mode = DELETE");
  if (shared_file_) database_.let_others_in();
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
  begin();
  insert_->bind(1, static_cast<std::int64_t>(e.seq)).bind(2, e.time_ns);
  insert_->bind(3, e.trial).bind(4, journal_format::code_of(e.body)).bind(5, data);
  insert_->run();
  last_seq_ = e.seq;
}

void journal_writer::begin() {
  if (!transaction_) transaction_.emplace(database_);
}

void journal_writer::commit() {
  if (!transaction_) return;
  transaction_->commit();
  transaction_.reset();
}

void journal_writer::sync() {
  database_.sync_log();
}

// -- journal_reader ------------------------------------------------------------------------------

journal_reader::journal_reader(const fs::path& file) : journal_reader{file, 1, journal_check{}} {}

journal_reader journal_reader::unchecked(const fs::path& file, std::uint64_t from) {
  return {file, std::max<std::uint64_t>(from, 1), std::nullopt};
}

journal_reader::journal_reader(const fs::path& file, std::uint64_t from,
                               std::optional<journal_check> check)
    : opened_{open(file)},
      database_{&*opened_},
      check_{std::move(check)},
      format_{journal_format::check(*database_)},
      next_seq_{from} {
  select();
}

journal_reader journal_reader::unchecked(journal_writer& writer, std::uint64_t from) {
  return {writer, std::max<std::uint64_t>(from, 1), std::nullopt};
}

journal_reader::journal_reader(journal_writer& writer, journal_check before)
    : journal_reader{writer, before.last_seq() + 1, std::move(before)} {}

journal_reader::journal_reader(journal_writer& writer, std::uint64_t from,
                               std::optional<journal_check> check)
    : database_{&writer.database()},
      check_{std::move(check)},
      format_{journal_format::check(*database_)},
      next_seq_{from} {
  select();
}

void journal_reader::select() {
  select_.emplace(*database_, fmt::format("SELECT seq, time_ns, trial, kind, data FROM events "
                                          "WHERE seq >= ?1 ORDER BY seq LIMIT {}",
                                          page_size));
}

namespace {

/// Returns the event that `row` stands at: seq, time_ns, trial, kind, data. Throws std::exception
/// for one that is none.
event event_in(sqlite::statement& row, std::int64_t format) {
  event e;
  e.seq = static_cast<std::uint64_t>(row.integer(0));
  e.time_ns = row.integer(1);
  if (const auto trial = row.optional_integer(2)) {
    if (!std::in_range<trial_number>(*trial))
      throw std::invalid_argument{fmt::format("{} is no trial's number", *trial)};
    e.trial = static_cast<trial_number>(*trial);
  }
  e.body = format == 1 ? journal_format::body_of_1(row.text(3), row.text(4))
                       : journal_format::body_of(row.integer(3), row.text(4));
  return e;
}

std::vector<event> events_in(sqlite::database& database, trial_number n) {
  const auto format = journal_format::check(database);
  sqlite::statement select{database, "SELECT seq, time_ns, trial, kind, data FROM events "
                                     "WHERE trial = ?1 ORDER BY seq"};
  select.bind(1, std::int64_t{n});
  std::vector<event> all;
  while (select.step()) {
    try {
      all.push_back(event_in(select, format));
    } catch (const std::exception& problem) {
      refuse_event(database.file(), static_cast<std::uint64_t>(select.integer(0)), problem);
    }
  }
  return all;
}

} // namespace

event journal_reader::read_row() {
  if (static_cast<std::uint64_t>(select_->integer(0)) != next_seq_)
    throw std::invalid_argument{"the events before it are missing"};
  auto e = event_in(*select_, format_);
  if (check_) check_->take(e);
  return e;
}

std::vector<event> events_of(const fs::path& file, trial_number n) {
  auto database = open(file);
  return events_in(database, n);
}

std::vector<event> events_of(journal_writer& writer, trial_number n) {
  return events_in(writer.database(), n);
}

void journal_reader::fill() {
  page_.clear();
  given_ = 0;
  select_->bind(1, static_cast<std::int64_t>(next_seq_));
  while (select_->step()) {
    try {
      page_.push_back(read_row());
    } catch (const std::exception& problem) {
      const auto seq = select_->integer(0);
      select_->reset();
      if (!page_.empty()) return; // First what came before it.
      refuse_event(database_->file(), static_cast<std::uint64_t>(seq), problem);
    }
    ++next_seq_;
  }
  select_->reset();
}

std::optional<event> journal_reader::next() {
  if (given_ == page_.size()) fill();
  if (given_ == page_.size()) return std::nullopt;
  return std::move(page_[given_++]);
}

bool has_events(const fs::path& file) {
  return is_journal(file) && journal_reader::unchecked(file).next();
}

std::optional<study_limits> limits_in(const fs::path& file) {
  auto database = open(file);
  if (journal_format::check(database) == 1) return std::nullopt; // it cannot tell
  sqlite::statement select{
      database, "SELECT kind, data, seq FROM events WHERE kind IN (?1, ?2) ORDER BY seq DESC"};
  select.bind(1, journal_format::code_of(event_kind::study_resumed{}));
  select.bind(2, journal_format::code_of(event_kind::limits_changed{}));
  while (select.step()) {
    try {
      const auto body = journal_format::body_of(select.integer(0), select.text(1));
      const auto* changed = std::get_if<event_kind::limits_changed>(&body);
      if (changed) return changed->limits;
      if (auto limits = std::get<event_kind::study_resumed>(body).limits) return limits;
    } catch (const std::invalid_argument& problem) {
      refuse_event(file, static_cast<std::uint64_t>(select.integer(2)), problem);
    }
  }
  return std::nullopt;
}

} // namespace troupe
