#include "base/json.hpp"
#include "store/journal.hpp"
#include "store_kit.hpp"

#include <doctest/doctest.h>

#include <sys/resource.h>
#include <sys/stat.h>

using namespace store_kit;
using namespace troupe;

namespace {

std::string event_text_of(const event& e) {
  return to_text(boost::json::value(to_json(e)));
}

std::vector<event> events_in(journal_reader& reader) {
  std::vector<event> events;
  while (auto e = reader.next())
    events.push_back(std::move(*e));
  return events;
}

std::vector<event> events_in(const fs::path& file, std::uint64_t from = 1) {
  auto reader = journal_reader::unchecked(file, from);
  return events_in(reader);
}

void write_reports(const fs::path& file, std::uint64_t count) {
  journal_writer writer{file};
  for (std::uint64_t seq = 1; seq <= count; ++seq)
    writer.append(make_report(seq, 0, 1));
  writer.commit();
}

std::string refusal(const fs::path& file) {
  return message_of<journal_error>([&] { journal_reader{file}; });
}

} // namespace

TEST_CASE("a journal gives back what was appended, in order") {
  temp_dir folder;
  event_generator generator{7};
  std::vector<event> written;
  {
    journal_writer writer{folder / "study.db"};
    for (std::uint64_t seq = 1; seq <= 2500; ++seq) {
      written.push_back(generator.next(seq));
      writer.append(written.back());
      if (seq % 700 == 0) writer.commit();
    }
    writer.commit();
  }
  const auto read = events_in(folder / "study.db");
  REQUIRE(read.size() == written.size());
  for (std::size_t i = 0; i < read.size(); ++i)
    REQUIRE(event_text_of(read[i]) == event_text_of(written[i]));
}

TEST_CASE("a journal can be read from any event on") {
  temp_dir folder;
  write_reports(folder / "study.db", 1500);
  CHECK(events_in(folder / "study.db", 0).size() == 1500);
  CHECK(events_in(folder / "study.db", 1400).front().seq == 1400);
  CHECK(events_in(folder / "study.db", 1400).size() == 101);
  CHECK(events_in(folder / "study.db", 1501).empty());
}

TEST_CASE("a reader follows a writer and sees what is committed") {
  temp_dir folder;
  journal_writer writer{folder / "study.db"};
  auto reader = journal_reader::unchecked(folder / "study.db");
  CHECK_FALSE(reader.next());
  writer.append(make_report(1, 0, 1));
  CHECK_FALSE(reader.next());
  writer.commit();
  CHECK(reader.next()->seq == 1);
  CHECK_FALSE(reader.next());
  writer.append(make_report(2, 0, 2));
  writer.commit();
  CHECK(reader.next()->seq == 2);
}

TEST_CASE("a journal is continued after its last event") {
  temp_dir folder;
  write_reports(folder / "study.db", 3);
  {
    journal_writer writer{folder / "study.db"};
    CHECK(writer.last_seq() == 3);
    writer.append(make_report(4, 1, 1));
    writer.commit();
  }
  CHECK(events_in(folder / "study.db").size() == 4);
}

TEST_CASE("an event that does not follow the last is a programmer's error") {
  temp_dir folder;
  journal_writer writer{folder / "study.db"};
  CHECK_THROWS_AS(writer.append(make_report(2, 0, 1)), std::logic_error);
  writer.append(make_report(1, 0, 1));
  CHECK_THROWS_AS(writer.append(make_report(1, 0, 1)), std::logic_error);
}

TEST_CASE("what was not committed is gone as a whole") {
  temp_dir folder;
  {
    journal_writer writer{folder / "study.db"};
    writer.append(make_report(1, 0, 1));
    writer.commit();
    writer.append(make_report(2, 0, 2));
    CHECK(writer.has_uncommitted());
  }
  CHECK(events_in(folder / "study.db").size() == 1);
}

TEST_CASE("a closed journal is one file, readable where nothing may be written") {
  temp_dir folder;
  write_reports(folder / "study.db", 3);
  CHECK_FALSE(fs::exists(folder / "study.db-wal"));
  CHECK_FALSE(fs::exists(folder / "study.db-shm"));
  ::chmod((folder / "study.db").c_str(), 0444);
  ::chmod(folder.path().c_str(), 0555);
  child_process reader{[&](int) {
    // Permissions bind everybody but root.
    if (::geteuid() == 0 && ::seteuid(65534) != 0) ::_exit(1);
    if (events_in(folder / "study.db").size() != 3) ::_exit(2);
  }};
  CHECK(reader.wait() == 0);
  ::chmod(folder.path().c_str(), 0755);
}

TEST_CASE("files that are no journal are told apart") {
  temp_dir folder;
  CHECK(contains(refusal(folder / "study.db"), "study.db: no such file; is"));

  write_file(folder / "text.db", "These are not the events you are looking for.");
  CHECK(contains(refusal(folder / "text.db"), "text.db: is not the journal of a study"));
  CHECK_FALSE(is_journal(folder / "text.db"));

  sqlite::database{folder / "foreign.db", sqlite::open_mode::create}.execute(
      "CREATE TABLE events(seq INTEGER)");
  CHECK(contains(refusal(folder / "foreign.db"), "is not the journal of a study"));
  CHECK_FALSE(is_journal(folder / "foreign.db"));
  CHECK_THROWS_AS(journal_writer{folder / "foreign.db"}, journal_error);
}

TEST_CASE("an empty file proves nothing, and is no journal") {
  temp_dir folder;
  write_file(folder / "study.db", "");
  CHECK_FALSE(is_journal(folder / "study.db"));
  CHECK(contains(refusal(folder / "study.db"), "is not the journal of a study"));
  write_reports(folder / "study.db",
                2); // as whoever opens a database may make such a file at any time
  CHECK(events_in(folder / "study.db").size() == 2);
}

TEST_CASE("a journal whose creation is cut short has not got its name") {
  temp_dir folder;
  write_file(folder / "study.db.tmp", "SQLite form");
  { journal_writer writer{folder / "study.db"}; }
  CHECK(is_journal(folder / "study.db"));
  CHECK_FALSE(fs::exists(folder / "study.db.tmp"));
}

TEST_CASE("a truncated journal is an error, never a short study") {
  temp_dir folder;
  write_reports(folder / "study.db", 2000);
  const auto size = fs::file_size(folder / "study.db");
  for (const auto kept : {size / 2, size - 4096, std::uintmax_t{4096}, std::uintmax_t{60}}) {
    CAPTURE(kept);
    fs::copy_file(folder / "study.db", folder / "cut.db", fs::copy_options::overwrite_existing);
    fs::resize_file(folder / "cut.db", kept);
    CHECK_THROWS_AS(events_in(folder / "cut.db"), std::runtime_error);
  }
}

TEST_CASE("an event that cannot be understood is named, after those before it") {
  temp_dir folder;
  write_reports(folder / "study.db", 5);
  const auto damage = [&](const std::string& sql) {
    sqlite::database{folder / "study.db", sqlite::open_mode::write}.execute(sql);
  };
  damage("UPDATE events SET kind = 99 WHERE seq = 3");
  auto reader = journal_reader::unchecked(folder / "study.db");
  CHECK(reader.next()->seq == 1);
  CHECK(reader.next()->seq == 2);
  CHECK(contains(message_of<journal_error>([&] { reader.next(); }),
                 "study.db: event 3: kind 99 is not known"));

  damage("DELETE FROM events WHERE seq = 3");
  CHECK(contains(message_of<journal_error>([&] { events_in(folder / "study.db"); }),
                 "event 4: the events before it are missing"));
  damage("UPDATE events SET data = '{' WHERE seq = 1");
  CHECK(contains(message_of<journal_error>([&] { events_in(folder / "study.db"); }), "event 1: "));
}

TEST_CASE("a disk that fills up loses only what was not committed") {
  temp_dir folder;
  child_process writer{[&](int pipe) {
    ::signal(SIGXFSZ, SIG_IGN);
    journal_writer journal{folder / "study.db"};
    const rlimit limit{200'000, 200'000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    try {
      for (std::uint64_t seq = 1;; ++seq) {
        journal.append(make_report(seq, 0, 1));
        if (seq % 10 != 0) continue;
        journal.commit();
        say(pipe, seq);
      }
    } catch (const sqlite::error& e) {
      if (!contains(e.what(), "study.db")) ::_exit(1);
    }
  }};
  std::uint64_t acknowledged = 0;
  while (const auto seq = writer.heard())
    acknowledged = *seq;
  CHECK(writer.wait() == 0);
  CHECK(acknowledged > 0);
  const auto read = events_in(folder / "study.db");
  CHECK(read.size() >= acknowledged);
  CHECK(read.size() < acknowledged + 10);
}
