#include "network_kit.hpp"
#include "store/doctor.hpp"
#include "store/journal.hpp"
#include "store/renew_database.hpp"
#include "store/study_folder.hpp"

#include <doctest/doctest.h>

using namespace store_kit;
using namespace troupe;

namespace {

void write_events(journal_writer& writer, std::uint64_t count) {
  for (; count > 0; --count)
    writer.append(make_report(writer.last_seq() + 1, 0, static_cast<int>(writer.last_seq()) + 1));
  writer.commit();
}

std::uint64_t count_events(const fs::path& file) {
  auto reader = journal_reader::unchecked(file);
  std::uint64_t n = 0;
  while (reader.next())
    ++n;
  return n;
}

/// A writer in another process, which tells the last event of each commit, and moves its log into
/// the database whenever it has so many pages.
void write_until_killed(const fs::path& file, int pipe, int pages) {
  journal_writer writer{file};
  writer.database().execute("PRAGMA wal_autocheckpoint = " + std::to_string(pages));
  for (int commit = 0; commit < 1000; ++commit) {
    write_events(writer, 10);
    say(pipe, writer.last_seq());
  }
  ::pause();
}

} // namespace

TEST_CASE("a journal on a network file system shares no memory, and is one file in the end") {
  const pretended_network network;
  temp_dir folder;
  const auto file = folder / "study.db";
  {
    journal_writer writer{file, durability::group};
    CHECK_FALSE(writer.syncs_later());
    writer.append(make_event(1, {}, event_kind::study_started{"a study", 1}));
    writer.commit();
    CHECK_FALSE(fs::exists(folder / "study.db-shm"));
    CHECK(count_events(file) == 1);
    journal_reader beside{writer};
    CHECK(beside.next()->seq == 1);
    CHECK_FALSE(beside.next());
  }
  CHECK_FALSE(fs::exists(folder / "study.db-wal"));
  CHECK_FALSE(fs::exists(folder / "study.db-journal"));
  CHECK(journal_writer{file}.last_seq() == 1);
}

TEST_CASE("whenever a journal on a network file system is read, it is as it was at one moment") {
  const pretended_network network;
  temp_dir folder;
  const auto file = folder / "study.db";
  { const journal_writer made{file}; }
  child_process writer{[&](int pipe) { write_until_killed(file, pipe, 100); }};
  std::uint64_t told = 0;
  for (int i = 0; i < 30; ++i) {
    told = writer.heard().value();
    const auto seen = count_events(file); // throws where events are missing
    CHECK(seen >= told);
    CHECK(seen % 10 == 0);
  }
  writer.kill();
  writer.wait();
  CHECK(count_events(file) >= told);
}

TEST_CASE("a writer that was killed on a network file system has lost nothing that it has told") {
  const pretended_network network;
  for (int round = 0; round < 5; ++round) {
    temp_dir folder;
    const auto file = folder / "study.db";
    child_process writer{[&](int pipe) { write_until_killed(file, pipe, 5); }};
    std::uint64_t told = 0;
    for (int i = 0; i < 3 + 7 * round; ++i)
      told = writer.heard().value();
    writer.kill();
    writer.wait();
    CHECK(journal_writer{file}.last_seq() >= told);
  }
}

TEST_CASE("who has lost a journal cannot harm the one that its successor has") {
  const pretended_network network;
  temp_dir folder;
  const auto file = folder / "study.db";
  auto former = std::make_unique<journal_writer>(file);
  write_events(*former, 5);
  sqlite::renew_database(file);
  CHECK(count_events(file) == 5);
  CHECK_FALSE(fs::exists(folder / "study.db-wal"));
  journal_writer successor{file};
  CHECK(successor.last_seq() == 5);
  write_events(successor, 3);
  former->database().execute("PRAGMA wal_autocheckpoint = 1");
  write_events(*former, 100);
  former.reset();
  CHECK(fs::exists(folder / "study.db-wal"));
  CHECK(count_events(file) == 8);
  write_events(successor, 2);
  CHECK(count_events(file) == 10);
}

TEST_CASE("a folder that another machine has taken over is written no further") {
  const pretended_network network;
  temp_dir folder;
  const study_layout layout{folder / "out"};
  {
    study_folder holder{layout.root()};
    holder.begin();
    { const journal_writer journal{layout.journal()}; }
    CHECK_NOTHROW(holder.keep());
    CHECK(is_in_use(layout));
    fs::remove(layout.lock());
    write_file(layout.lock(), to_text(note_on("b")));
    const auto message = message_of<folder_error>([&] { holder.keep(); });
    CHECK(contains(message, "out: has been taken over by process "));
    CHECK(contains(message, " on host b since "));
    CHECK(contains(message, "suspended, or cut off from the file server"));
  }
  CHECK(contains(read_file(layout.lock()), "\"host\": \"b\""));
  CHECK(is_journal(layout.journal()));
}

TEST_CASE("a study that was on trial is its successor's when its folder was taken over") {
  const pretended_network network;
  temp_dir folder;
  const study_layout layout{folder / "out"};
  {
    study_folder holder{layout.root()};
    holder.begin();
    { const journal_writer journal{layout.journal()}; }
    fs::remove(layout.lock());
    write_file(layout.lock(), to_text(note_on("b")));
  }
  CHECK(is_journal(layout.journal()));
  CHECK_FALSE(read_file(layout.lock()).empty());
}

TEST_CASE("a folder on a network file system is free when its holder has let go") {
  const pretended_network network;
  temp_dir folder;
  const study_layout layout{folder / "out"};
  {
    study_folder holder{layout.root()};
    const journal_writer journal{layout.journal()};
    CHECK(is_in_use(layout));
    CHECK(contains(message_of<folder_error>([&] { study_folder{layout.root()}; }),
                   "is in use by process "));
  }
  CHECK_FALSE(is_in_use(layout));
  CHECK_NOTHROW(study_folder(layout.root(), folder_use::go_on));
}
