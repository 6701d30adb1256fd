#pragma once

#include "search/life/journal_check.hpp"
#include "store/files.hpp"
#include "store/sqlite.hpp"

#include <troupe/events.hpp>
#include <troupe/study.hpp>

#include <cstdint>
#include <exception>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// A study's journal is an SQLite file (journal_format.hpp; docs/formats.md). Events are only ever
/// appended, with seq = 1, 2, 3, … The file's application id is 'TRUP'.

/// A file is missing, is not a journal, or is one of a newer Troupe. The message names the file.
struct journal_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Returns whether `file` is a journal, as its first bytes say.
bool is_journal(const std::filesystem::path& file);

/// Returns the seq of the last event in `file`, as journal_reader sees it; 0 if there is none yet.
/// Throws journal_error or sqlite::error.
std::uint64_t last_seq_in(const std::filesystem::path& file);

/// Throws a journal_error that names event `seq` of `file` and says what is wrong with it.
[[noreturn]] void refuse_event(const std::filesystem::path& file, std::uint64_t seq,
                               const std::exception& problem);

/// Takes an event of `file` by `take`, whose std::logic_error says that it cannot be the study's.
template <class Take>
void follow_event(const std::filesystem::path& file, const event& e, Take take) {
  try {
    take(e);
  } catch (const std::logic_error& problem) {
    refuse_event(file, e.seq, problem);
  }
}

/// Appends to a journal. One writer per file: hold the study folder's lock.
///
/// What was committed survives the death of the process at any moment, SIGKILL included. It
/// survives a power cut, too, as far as the disk keeps its word: under durability::sync as soon as
/// commit returns, under durability::group when sync has been called after it. What was appended
/// and not yet committed is lost as a whole. Readers are never blocked.
///
/// On a network file system (is_on_network) nothing is shared with others: readers read copies, and
/// durability::group is as durability::sync, for another machine may have to go on from what was
/// shown. A file that is replaced meanwhile (renew_database) is written further by whoever has it
/// open, without harm to its successor.
///
/// Members throw sqlite::error; what was not committed is then lost, and the writer is of no use
/// any more.
class journal_writer {
public:
  /// Creates `file`, or opens it to go on after its last event; an older one is brought to today's
  /// format first. Throws journal_error if it is something else.
  explicit journal_writer(const std::filesystem::path& file, durability how = durability::sync);
  journal_writer(const journal_writer&) = delete;
  journal_writer& operator=(const journal_writer&) = delete;
  ~journal_writer();

  /// Appends `e`, whose seq must be last_seq() + 1; throws std::logic_error if it is not.
  void append(const event& e);

  /// The same, for who has made append_journal_data's text of it already.
  void append(const event& e, std::string_view data);

  /// Begins what the next commit() ends, if nothing has been appended since the last: for who
  /// changes other tables of database() with the events.
  void begin();

  /// Puts into the file what was appended since the last commit.
  void commit();

  /// Returns whether what was committed waits for sync().
  bool syncs_later() const noexcept { return durability_ == durability::group; }

  /// Waits until what was committed survives a power cut.
  void sync();

  /// Returns the seq of the last event appended; 0 if there is none.
  std::uint64_t last_seq() const noexcept { return last_seq_; }

  /// Returns whether something was appended since the last commit.
  bool has_uncommitted() const noexcept { return transaction_.has_value(); }

  /// Returns the database, for what is kept beside the events: what is written to it between
  /// append() and commit() is committed with the event.
  sqlite::database& database() noexcept { return database_; }

private:
  void open_log();
  void fold_log();

  /// Which file it is, if on a network file system. Before database_: to look at it takes away
  /// SQLite's locks.
  std::optional<file_identity> shared_file_;
  sqlite::database database_;
  durability durability_;
  std::optional<sqlite::statement> insert_;
  std::optional<sqlite::transaction> transaction_;
  std::uint64_t last_seq_ = 0;
  std::string data_; // Kept for its capacity.
};

/// Reads a journal in order, also while it is being written: it holds no lock between calls, and
/// cannot disturb the writer. On a network file system it sees what there was when it was made.
class journal_reader {
public:
  /// Opens `file`. Throws journal_error or sqlite::error.
  explicit journal_reader(const std::filesystem::path& file);

  /// Reads what `writer`, which must outlive it, has open, after the events that `before` has
  /// taken.
  explicit journal_reader(journal_writer& writer, journal_check before = {});
  journal_reader(const journal_reader&) = delete;
  journal_reader& operator=(const journal_reader&) = delete;

  /// The same, to begin with event `from`, and without checking how the events go together.
  /// @{
  static journal_reader unchecked(const std::filesystem::path& file, std::uint64_t from = 1);
  static journal_reader unchecked(journal_writer& writer, std::uint64_t from);
  /// @}

  /// Returns the next event; none if there is no further one yet: ask again later. Throws
  /// journal_error, naming the event, if it cannot be understood, or cannot follow those before it
  /// (journal_check).
  std::optional<event> next();

  /// Returns what has taken all events that were read, up to the end of the journal.
  const journal_check& check() const { return check_.value(); }

private:
  journal_reader(const std::filesystem::path& file, std::uint64_t from,
                 std::optional<journal_check> check);
  journal_reader(journal_writer& writer, std::uint64_t from, std::optional<journal_check> check);
  void select();
  event read_row();
  void fill();

  std::optional<sqlite::database> opened_; ///< None if it reads a writer's.
  sqlite::database* database_;
  std::optional<sqlite::statement> select_;
  std::optional<journal_check> check_;
  std::int64_t format_;
  std::uint64_t next_seq_;
  std::vector<event> page_;
  std::size_t given_ = 0; ///< Of the page, so many.
};

/// Returns the events of `file` that are about trial `n`, in order, without those of others being
/// read. Throws as journal_reader does.
std::vector<event> events_of(const std::filesystem::path& file, trial_number n);

/// Returns whether a file is a journal that has events: else whoever made it has died before its
/// study began.
bool has_events(const std::filesystem::path& file);

/// The same of the journal that this writer has open.
std::vector<event> events_of(journal_writer& writer, trial_number n);

/// Returns the limits within which the study of a journal goes on, if they have been changed since
/// it was begun. Throws as journal_reader does.
std::optional<study_limits> limits_in(const std::filesystem::path& file);

} // namespace troupe
