#include "store/journal.hpp"
#include "store_kit.hpp"

#include <doctest/doctest.h>

#include <sys/stat.h>

using namespace store_kit;
using namespace troupe;

namespace {

constexpr std::uint64_t written = 5;

/// Leaves in `folder` what a writer leaves that is killed: with `mode` "WAL" a log with committed
/// events, else a change half made that has to be taken back.
void leave_unfinished(const fs::path& folder, const std::string& mode) {
  {
    journal_writer writer{folder / "study.db"};
    for (std::uint64_t seq = 1; seq <= written; ++seq)
      writer.append(make_report(seq, 0, 1));
    writer.commit();
  }
  child_process child{[&](int pipe) {
    sqlite::database db{folder / "study.db", sqlite::open_mode::write};
    db.execute("PRAGMA journal_mode = " + mode + "; PRAGMA cache_size = 1; PRAGMA cache_spill = 1");
    if (mode == "WAL") {
      db.execute("UPDATE events SET time_ns = time_ns + 1");
    } else {
      db.execute("BEGIN; DELETE FROM events; CREATE TABLE more(x)");
      db.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) "
                 "INSERT INTO more SELECT hex(zeroblob(100)) FROM n");
    }
    say(pipe, 1);
    ::pause();
  }};
  REQUIRE(child.heard());
  child.kill();
  REQUIRE(child.wait() == -1);
  REQUIRE(fs::exists(folder / (mode == "WAL" ? "study.db-wal" : "study.db-journal")));
}

std::uint64_t number_of_events(const fs::path& file) {
  auto reader = journal_reader::unchecked(file);
  std::uint64_t n = 0;
  while (reader.next())
    ++n;
  return n;
}

} // namespace

TEST_CASE("a journal is read whose writer was killed") {
  for (const auto* mode : {"WAL", "DELETE"}) {
    CAPTURE(mode);
    temp_dir folder;
    leave_unfinished(folder.path(), mode);
    CHECK(number_of_events(folder / "study.db") == written);
    journal_writer next{folder / "study.db"};
    CHECK(next.last_seq() == written);
  }
}

TEST_CASE("a journal is read whose writer was killed, where nothing may be written") {
  for (const auto* mode : {"WAL", "DELETE"})
    for (const bool cache : {true, false}) {
      CAPTURE(mode);
      CAPTURE(cache);
      temp_dir folder;
      leave_unfinished(folder.path(), mode);
      if (!cache) fs::remove(folder / "study.db-shm");
      for (const auto& entry : fs::directory_iterator{folder.path()})
        ::chmod(entry.path().c_str(), 0444);
      ::chmod(folder.path().c_str(), 0555);
      child_process stranger{[&](int pipe) {
        // Permissions bind everybody but root.
        if (::geteuid() == 0 && ::seteuid(65534) != 0) ::_exit(1);
        say(pipe, number_of_events(folder / "study.db"));
      }};
      const auto found = stranger.heard();
      REQUIRE(found);
      CHECK(*found == written);
      CHECK(stranger.wait() == 0);
      ::chmod(folder.path().c_str(), 0755);
    }
}

TEST_CASE("who reads a journal changes nothing of what it says") {
  temp_dir folder;
  leave_unfinished(folder.path(), "WAL");
  auto reader = sqlite::database{folder / "study.db", sqlite::open_mode::read};
  CHECK_THROWS_AS(reader.execute("DELETE FROM events"), sqlite::error);
}
