#include "store/journal_format.hpp"

#include "base/json.hpp"
#include "store/event_json.hpp"
#include "store/event_text.hpp"
#include "store/journal.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>
#include <sqlite3.h>

#include <exception>
#include <stdexcept>
#include <string>
#include <variant>

namespace troupe::journal_format {

namespace {

constexpr std::int64_t application_id = 0x54525550; // 'TRUP'

constexpr std::string_view events_table = R"(
  CREATE TABLE events(
    seq INTEGER PRIMARY KEY,
    time_ns INTEGER NOT NULL,
    trial INTEGER,
    kind INTEGER NOT NULL,
    data TEXT NOT NULL) STRICT;
  CREATE TABLE kinds(code INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
  CREATE VIEW event_log AS
    SELECT seq, time_ns, trial, kinds.name AS kind, data FROM events JOIN kinds ON code = kind;
)";

void add_kinds(sqlite::database& db, std::size_t from) {
  const auto names = kind_names();
  for (std::size_t code = from; code < names.size(); ++code)
    db.execute(fmt::format("INSERT INTO kinds VALUES({}, '{}')", code, names[code]));
}

void create_events(sqlite::database& db) {
  db.execute(std::string{events_table});
  add_kinds(db, 0);
}

/// Kinds have become known since the journal was made: its view has to have their names.
void complete_kinds(sqlite::database& db) {
  const auto known = db.select_integer("SELECT count(*) FROM kinds").value_or(0);
  if (static_cast<std::size_t>(known) >= kind_names().size()) return;
  sqlite::transaction change{db};
  add_kinds(db, static_cast<std::size_t>(known));
  change.commit();
}

/// Puts the event that `old` stands at into the new table.
void copy(const sqlite::statement& old, sqlite::statement& insert) {
  const auto body = body_of_1(old.text(3), old.text(4));
  std::string data;
  append_journal_data(data, body, written_metrics{body});
  insert.bind(1, old.integer(0)).bind(2, old.integer(1)).bind(3, old.optional_integer(2));
  insert.bind(4, code_of(body)).bind(5, std::string_view{data});
  insert.run();
}

} // namespace

std::int64_t check(sqlite::database& db) {
  const auto name = db.file().string();
  const auto foreign = [&] { return journal_error{name + ": is not the journal of a study"}; };
  try {
    if (db.select_integer("PRAGMA application_id") != application_id) throw foreign();
  } catch (const sqlite::error& e) {
    if (e.code() == SQLITE_NOTADB) throw foreign();
    throw;
  }
  const auto found =
      db.select_integer("SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'format'").value_or(0);
  if (found > newest)
    throw journal_error{
        fmt::format("{}: was written by a newer Troupe (format {}, known are 1 to {}"
                    "); read it with that version",
                    name, found, newest)};
  if (found < 1) throw journal_error{fmt::format("{}: has no format", name)};
  return found;
}

void create(sqlite::database& db) {
  sqlite::transaction change{db};
  db.execute("CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID");
  create_events(db);
  db.execute(fmt::format("INSERT INTO meta VALUES('format', '{}'); PRAGMA application_id = {}",
                         newest, application_id));
  change.commit();
}

void migrate(sqlite::database& db) {
  if (check(db) == newest) return complete_kinds(db);
  sqlite::transaction change{db};
  db.execute("ALTER TABLE events RENAME TO old_events");
  create_events(db);
  {
    sqlite::statement old{db,
                          "SELECT seq, time_ns, trial, kind, data FROM old_events ORDER BY seq"};
    sqlite::statement insert{db, "INSERT INTO events VALUES(?1, ?2, ?3, ?4, ?5)"};
    while (old.step()) {
      try {
        copy(old, insert);
      } catch (const std::invalid_argument& problem) {
        refuse_event(db.file(), static_cast<std::uint64_t>(old.integer(0)), problem);
      }
    }
  }
  db.execute("DROP TABLE old_events");
  db.execute(fmt::format("UPDATE meta SET value = '{}' WHERE key = 'format'", newest));
  change.commit();
}

std::int64_t code_of(const event_body& body) noexcept {
  return static_cast<std::int64_t>(body.index());
}

event_body body_of(std::int64_t code, std::string_view data) {
  const auto index = static_cast<std::size_t>(code);
  if (code < 0 || index >= std::variant_size_v<event_body>)
    throw std::invalid_argument{fmt::format("kind {} is not known", code)};
  event_body body;
  if (read_plain_row(index, data, body)) return body;
  const auto row = parse_json(data);
  if (!row.is_array()) throw std::invalid_argument{"its data are no array"};
  return event_body_from_row(index, row.get_array());
}

event_body body_of_1(std::string_view kind, std::string_view data) {
  auto fields = parse_json(data);
  if (!fields.is_object()) throw std::invalid_argument{"its data are no object"};
  auto& object = fields.get_object();
  if (auto* checkpoint = object.if_contains("checkpoint"); checkpoint && kind == "trial_reported") {
    auto number = std::move(*checkpoint);
    object.erase("checkpoint");
    object["takes"] = std::move(number);
  }
  return event_body_from_json(kind, object);
}

} // namespace troupe::journal_format
