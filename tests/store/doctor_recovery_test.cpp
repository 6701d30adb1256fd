#include "doctor_kit.hpp"
#include "store/sqlite.hpp"

#include <algorithm>

using namespace store_kit;
using namespace troupe;

TEST_CASE("what is there of a study that never began is removed") {
  temp_dir folder;
  const study_layout layout{folder / "out"};
  { study_writer writer{std::make_unique<study_folder>(layout.root())}; }
  write_file(layout.root() / "study.json.tmp", "{");
  const auto f = only_finding(layout);
  CHECK(contains(f.what, "before its study began"));
  f.repair();
  CHECK_NOTHROW(study_folder{layout.root()}); // it is as good as new
}

TEST_CASE("a study that was killed before its first event is whole, and one with trials is not") {
  temp_dir folder;
  const auto layout = write_study(folder / "out");
  sqlite::database{layout.journal(), sqlite::open_mode::write}.execute("DELETE FROM events");
  fs::remove_all(layout.trials());
  fs::create_directories(layout.trial(0));
  const auto found = examine(layout, false).findings;
  CHECK(
      std::ranges::none_of(found, [](const finding& f) { return contains(f.what, "no events"); }));
  write_file(layout.trial(0) / "log.txt", "");
  CHECK(
      contains(examine(layout, false).findings.front().what, "no events, though there are trials"));
}

TEST_CASE("a change of the database that was cut off is taken back") {
  temp_dir folder;
  const auto layout = write_study(folder / "out");
  const auto whole = contents(layout.root());
  child_process child{[&](int) {
    sqlite::database database{layout.journal(), sqlite::open_mode::write};
    // The pages that it changes do not fit into its memory: they are in the file already.
    database.execute("PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN IMMEDIATE;"
                     "CREATE TABLE more(t TEXT); INSERT INTO more SELECT hex(randomblob(9000)) "
                     "FROM events; UPDATE events SET data = hex(randomblob(500))");
    ::_exit(7);
  }};
  REQUIRE(child.wait() == 7);
  REQUIRE(fs::exists(fs::path{layout.journal()} += "-journal"));
  CHECK(examine(layout, false).findings.empty()); // whoever opens it has done so
  CHECK(contents(layout.root()) == whole);
}

TEST_CASE("an empty database is nobody's to remove") {
  temp_dir folder;
  const study_layout layout{folder / "out"};
  fs::create_directories(layout.root());
  write_file(layout.journal(), "");
  const auto f = only_finding(layout);
  CHECK(contains(f.what, "not the journal"));
  CHECK(contains(f.remedy, "remove it"));
  CHECK_FALSE(f.repair);
}
