#include "store/doctor.hpp"
#include "store/files.hpp"
#include "store/former_study.hpp"
#include "store/journal.hpp"
#include "store/study_folder.hpp"
#include "store_kit.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace store_kit;
using namespace troupe;

namespace {

/// Writes a study whose only event and study.json say `name`.
void write_study(const study_layout& layout, const std::string& name) {
  journal_writer journal{layout.journal()};
  journal.append(make_event(1, {}, event_kind::study_started{name, 1}));
  journal.commit();
  write_file(layout.study_file(), name);
}

/// Adds what a study has when it has run.
void run_study(const study_layout& layout, const std::string& name) {
  write_file(layout.summary(), name);
  write_file(layout.checkpoint(3, 1) / "model.safetensors", name);
}

/// Returns the name of the study that the folder holds, which must be whole; empty if none.
std::string whole_study(const study_layout& layout) {
  if (!is_journal(layout.journal())) return {};
  journal_reader reader{layout.journal()};
  const auto first = reader.next();
  REQUIRE(first);
  const auto name = std::get<event_kind::study_started>(first->body).name;
  CHECK(read_file(layout.study_file()) == name);
  if (name == "old") {
    CHECK(read_file(layout.summary()) == name);
    CHECK(read_file(layout.checkpoint(3, 1) / "model.safetensors") == name);
  } else {
    CHECK_FALSE(fs::exists(layout.summary()));
    CHECK_FALSE(fs::exists(layout.trials()));
  }
  return name;
}

void leave_old(const study_layout& layout) {
  const study_folder taken{layout.root()};
  write_study(layout, "old");
  run_study(layout, "old");
}

} // namespace

TEST_CASE("a study that does not stay gives way to the former one") {
  temp_dir folder;
  const study_layout layout{folder / "out"};
  leave_old(layout);
  {
    study_folder taken{layout.root(), folder_use::overwrite};
    taken.begin();
    CHECK(whole_study(layout).empty());
    write_study(layout, "new");
  }
  CHECK(whole_study(layout) == "old");
  CHECK_FALSE(fs::exists(layout.former()));
}

TEST_CASE("a study that cannot be moved away stays where it is") {
  temp_dir folder;
  const study_layout layout{folder / "out"};
  leave_old(layout);
  SUBCASE("as its place is taken") {
    write_file(layout.former() / "study.json", "mine");
  }
  SUBCASE("as there can be no such place") {
    write_file(layout.former(), "mine");
  }
  {
    study_folder taken{layout.root(), folder_use::overwrite};
    CHECK_THROWS_AS(taken.begin(), folder_error);
  }
  CHECK(whole_study(layout) == "old");
  CHECK(fs::exists(layout.former()));
}

TEST_CASE("a study that has not begun does not take a former one's place") {
  temp_dir folder;
  const study_layout layout{folder / "out"};
  leave_old(layout);
  set_aside(layout);
  { const journal_writer without_events{layout.journal()}; }
  write_file(layout.study_file(), "new");
  CHECK(present_journal(layout) == study_layout{layout.former()}.journal());
  const auto found = examine(layout, false).findings;
  REQUIRE(found.size() == 1);
  CHECK(contains(found[0].what, "being replaced"));
  SUBCASE("for whoever takes the folder next") {
    const study_folder taken{layout.root(), folder_use::go_on};
  }
  SUBCASE("for the doctor") {
    found[0].repair();
  }
  CHECK(whole_study(layout) == "old");
  CHECK_FALSE(fs::exists(layout.former()));
}

TEST_CASE("a study that stays leaves nothing of the former one") {
  temp_dir folder;
  const study_layout layout{folder / "out"};
  leave_old(layout);
  {
    study_folder taken{layout.root(), folder_use::overwrite};
    taken.begin();
    write_study(layout, "new");
    taken.keep();
  }
  CHECK(whole_study(layout) == "new");
  CHECK_FALSE(fs::exists(layout.former()));
}

TEST_CASE("whoever dies while a study is replaced leaves one of the two whole") {
  // Every moment between two calls that change something, told apart by what is already moved.
  const std::array parts{"study.db", "study.json", "summary.json", "trials"};
  for (std::size_t moved = 0; moved <= parts.size(); ++moved)
    for (const auto* begun : {"nothing", "journal", "study", "discarded"}) {
      const bool all_moved = moved == parts.size();
      if (!all_moved && begun != std::string{"nothing"}) continue;
      CAPTURE(moved);
      CAPTURE(begun);
      temp_dir folder;
      const study_layout layout{folder / "out"};
      leave_old(layout);
      fs::create_directory(layout.former());
      for (std::size_t i = 0; i < moved; ++i)
        fs::rename(layout.root() / parts[i], layout.former() / parts[i]);
      if (begun == std::string{"journal"}) journal_writer{layout.journal()};
      if (begun == std::string{"study"} || begun == std::string{"discarded"})
        write_study(layout, "new");
      if (begun == std::string{"discarded"}) fs::remove_all(layout.former() / "trials");
      { const study_folder next{layout.root(), folder_use::go_on}; }
      const bool replaced = begun == std::string{"study"} || begun == std::string{"discarded"};
      CHECK(whole_study(layout) == (replaced ? "new" : "old"));
      CHECK_FALSE(fs::exists(layout.former()));
    }
}

TEST_CASE("what a cut short beginning leaves goes, and what only looks like it stays") {
  temp_dir folder;
  write_file(folder / "out/study.db.tmp", "");
  { const study_folder taken{folder / "out"}; }
  CHECK_FALSE(fs::exists(folder / "out/study.db.tmp"));
  write_file(folder / "out/study.db.tmp", "somebody's notes");
  CHECK_THROWS_AS(study_folder{folder / "out"}, folder_error);
  CHECK(read_file(folder / "out/study.db.tmp") == "somebody's notes");
}

TEST_CASE("a folder called like the former study's that has none is somebody else's") {
  temp_dir folder;
  const study_layout layout{folder / "out"};
  write_file(layout.former() / "notes.txt", "mine");
  CHECK_THROWS_AS(study_folder{layout.root()}, folder_error);
  write_study(layout, "old");
  { const study_folder taken{layout.root(), folder_use::go_on}; }
  CHECK(read_file(layout.former() / "notes.txt") == "mine");
}

TEST_CASE("an empty study.db is nobody's proof, and nothing beside it is deleted") {
  temp_dir folder;
  const study_layout layout{folder / "out"};
  write_file(layout.journal(), "");
  write_file(layout.study_file(), "mine");
  write_file(layout.trials() / "data.csv", "mine");
  for (const auto use : {folder_use::fresh, folder_use::overwrite, folder_use::go_on}) {
    CHECK_THROWS_AS(study_folder(layout.root(), use), folder_error);
    CHECK(read_file(layout.study_file()) == "mine");
    CHECK(read_file(layout.trials() / "data.csv") == "mine");
  }
}
