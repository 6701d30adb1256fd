#include "store/sqlite.hpp"
#include "store_kit.hpp"

#include <doctest/doctest.h>
#include <sqlite3.h>

using namespace store_kit;
namespace sqlite = troupe::sqlite;
using sqlite::open_mode;

namespace {

/// Returns the error that `action` must throw.
template <class Action>
sqlite::error error_of(Action action) {
  try {
    action();
  } catch (const sqlite::error& e) {
    return e;
  }
  throw std::logic_error{"no error was thrown"};
}

} // namespace

TEST_CASE("values come back as they were bound") {
  temp_dir folder;
  sqlite::database db{folder / "a.db", open_mode::create};
  db.execute("CREATE TABLE t(i INTEGER, o INTEGER, s TEXT) STRICT");
  sqlite::statement insert{db, "INSERT INTO t VALUES(?1, ?2, ?3)"};
  const std::string text{"caf\xc3\xa9 \0 end", 11};
  insert.bind(1, std::numeric_limits<std::int64_t>::min()).bind(2, std::optional<std::int64_t>{});
  insert.bind(3, std::string_view{text}).run();

  sqlite::statement select{db, "SELECT i, o, s FROM t"};
  REQUIRE(select.step());
  CHECK(select.integer(0) == std::numeric_limits<std::int64_t>::min());
  CHECK_FALSE(select.optional_integer(1));
  CHECK(select.text(2) == text);
  CHECK_FALSE(select.step());
}

TEST_CASE("a transaction that is not committed leaves nothing") {
  temp_dir folder;
  sqlite::database db{folder / "a.db", open_mode::create};
  db.execute("CREATE TABLE t(i)");
  {
    sqlite::transaction dropped{db};
    db.execute("INSERT INTO t VALUES(1)");
  }
  CHECK(db.select_integer("SELECT count(*) FROM t") == 0);
  sqlite::transaction kept{db};
  db.execute("INSERT INTO t VALUES(2)");
  kept.commit();
  CHECK(db.select_integer("SELECT i FROM t") == 2);
}

TEST_CASE("a file that is missing is named") {
  temp_dir folder;
  const auto e = error_of([&] { sqlite::database{folder / "none.db", open_mode::read}; });
  CHECK(e.code() == SQLITE_CANTOPEN);
  CHECK(contains(e.what(), "none.db"));
  CHECK(contains(e.what(), "No such file"));
}

TEST_CASE("a file of another kind is called that") {
  temp_dir folder;
  write_file(folder / "a.db", std::string(2000, 'x'));
  sqlite::database db{folder / "a.db", open_mode::write};
  const auto e = error_of([&] { db.select_integer("SELECT count(*) FROM sqlite_master"); });
  CHECK(e.code() == SQLITE_NOTADB);
  CHECK(contains(e.what(), "another kind of file"));
}

TEST_CASE("a full database says so and keeps what it had") {
  temp_dir folder;
  sqlite::database db{folder / "a.db", open_mode::create};
  db.execute("CREATE TABLE t(s TEXT); INSERT INTO t VALUES('kept'); PRAGMA max_page_count = 8");
  const std::string text(100'000, 'x');
  const auto e = error_of([&] {
    sqlite::transaction change{db};
    sqlite::statement insert{db, "INSERT INTO t VALUES(?1)"};
    insert.bind(1, std::string_view{text}).run();
    change.commit();
  });
  CHECK(e.code() == SQLITE_FULL);
  CHECK(contains(e.what(), "a.db: database or disk is full; free some disk space"));
  CHECK(db.select_integer("SELECT count(*) FROM t") == 1);
}

TEST_CASE("a database opened to read cannot be written") {
  temp_dir folder;
  sqlite::database{folder / "a.db", open_mode::create}.execute("CREATE TABLE t(i)");
  sqlite::database db{folder / "a.db", open_mode::read};
  const auto e = error_of([&] { db.execute("INSERT INTO t VALUES(1)"); });
  CHECK(e.code() == SQLITE_READONLY);
  CHECK(contains(e.what(), "cannot be written to"));
}

TEST_CASE("a locked database names the remedy") {
  temp_dir folder;
  sqlite::database holder{folder / "a.db", open_mode::create};
  holder.execute("CREATE TABLE t(i)");
  sqlite::transaction lock{holder};
  sqlite::database db{folder / "a.db", open_mode::write};
  db.execute("PRAGMA busy_timeout = 0");
  const auto e = error_of([&] { sqlite::transaction{db}; });
  CHECK(e.code() == SQLITE_BUSY);
  CHECK(contains(e.what(), "another process uses it"));
}

TEST_CASE("wrong SQL is quoted in SQLite's words") {
  temp_dir folder;
  sqlite::database db{folder / "a.db", open_mode::create};
  CHECK(contains(error_of([&] { db.execute("SELEKT"); }).what(), "near \"SELEKT\""));
  CHECK(contains(error_of([&] {
                   sqlite::statement{db, "SELECT x FROM nowhere"};
                 }).what(),
                 "no such table: nowhere"));
}
