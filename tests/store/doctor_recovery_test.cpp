#include "doctor_kit.hpp"
#include "store/sqlite.hpp"

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
