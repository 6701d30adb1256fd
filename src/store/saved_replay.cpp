#include "store/saved_replay.hpp"

#include <fmt/format.h>

#include <cstring>
#include <string_view>

namespace troupe {

namespace {

/// Grows with every change of what is saved, or of what events mean.
constexpr int layout = 4;

/// Whoever changes what has been recorded, and be it by hand, takes what was saved of it away.
constexpr std::string_view replay_table = R"(
  CREATE TABLE IF NOT EXISTS saved_replay(
    seq INTEGER PRIMARY KEY,
    identity TEXT NOT NULL,
    checksum INTEGER NOT NULL,
    state BLOB NOT NULL) STRICT;
  CREATE TRIGGER IF NOT EXISTS saved_replay_after_update AFTER UPDATE ON events
    BEGIN DELETE FROM saved_replay; END;
  CREATE TRIGGER IF NOT EXISTS saved_replay_after_delete AFTER DELETE ON events
    BEGIN DELETE FROM saved_replay; END;
)";

/// Tells bytes that have been damaged from those that were written. Eight at a time: there may be
/// megabytes.
class checksum {
public:
  void add(std::string_view bytes) noexcept {
    add(bytes.size());
    for (; bytes.size() >= sizeof(std::uint64_t); bytes.remove_prefix(sizeof(std::uint64_t)))
      add(word(bytes.substr(0, sizeof(std::uint64_t))));
    if (!bytes.empty()) add(word(bytes));
  }

  void add(std::uint64_t n) noexcept {
    sum_ = (sum_ ^ n) * 0x9e3779b97f4a7c15U; // a change of one bit reaches the upper ones,
    sum_ ^= sum_ >> 32U;                     // and from there the lower ones
  }

  std::uint64_t sum() const noexcept { return sum_; }

private:
  static std::uint64_t word(std::string_view bytes) noexcept {
    std::uint64_t n = 0;
    std::memcpy(&n, bytes.data(), bytes.size());
    return n;
  }

  std::uint64_t sum_ = 0x243f6a8885a308d3U;
};

bool has_table(sqlite::database& db) {
  return db
      .select_integer("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'saved_replay'")
      .has_value();
}

/// Names the program's version, the study, and the journal: by its first event, and the one at
/// `seq`. Empty if that is not there.
std::string identity_of(sqlite::database& db, const std::string& study, std::uint64_t seq) {
  checksum sum;
  sum.add(study);
  sqlite::statement select{
      db, "SELECT seq, time_ns, trial, kind, data FROM events WHERE seq = 1 OR seq = ?1"};
  select.bind(1, static_cast<std::int64_t>(seq));
  std::int64_t last = 0;
  while (select.step()) {
    last = select.integer(0);
    for (int column = 0; column < 4; ++column)
      sum.add(static_cast<std::uint64_t>(select.integer(column)));
    sum.add(select.text(4));
  }
  if (static_cast<std::uint64_t>(last) != seq) return {};
  return fmt::format("{} {} {:016x}", layout, TROUPE_VERSION, sum.sum());
}

std::int64_t sum_of(std::string_view identity, const saved_replay& replay) {
  checksum sum;
  sum.add(identity);
  sum.add(replay.seq);
  sum.add(replay.bytes);
  return static_cast<std::int64_t>(sum.sum());
}

struct saved_row {
  saved_replay replay;
  std::string identity;
  std::int64_t checksum;

  bool is_whole() const { return checksum == sum_of(identity, replay); }
};

std::optional<saved_row> read_row(sqlite::database& db) {
  if (!has_table(db)) return std::nullopt;
  sqlite::statement select{
      db, "SELECT seq, identity, checksum, state FROM saved_replay ORDER BY seq DESC LIMIT 1"};
  if (!select.step()) return std::nullopt;
  return saved_row{{static_cast<std::uint64_t>(select.integer(0)), std::string{select.blob(3)}},
                   std::string{select.text(1)},
                   select.integer(2)};
}

} // namespace

std::optional<saved_replay> find_saved_replay(sqlite::database& db, const std::string& study) {
  const auto row = read_row(db);
  if (!row || !row->is_whole() || row->identity != identity_of(db, study, row->replay.seq))
    return std::nullopt;
  return row->replay;
}

void save_replay(sqlite::database& db, const std::string& study, const saved_replay& replay) {
  db.execute(std::string{replay_table});
  forget_saved_replay(db);
  const auto identity = identity_of(db, study, replay.seq);
  sqlite::statement insert{db, "INSERT INTO saved_replay VALUES(?1, ?2, ?3, ?4)"};
  insert.bind(1, static_cast<std::int64_t>(replay.seq)).bind(2, std::string_view{identity});
  insert.bind(3, sum_of(identity, replay)).bind_blob(4, replay.bytes).run();
}

bool is_saved_replay_whole(sqlite::database& db) {
  const auto row = read_row(db);
  return !row || row->is_whole();
}

void forget_saved_replay(sqlite::database& db) {
  if (has_table(db)) db.execute("DELETE FROM saved_replay");
}

} // namespace troupe
