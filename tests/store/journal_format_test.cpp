#include "base/json.hpp"
#include "store/asked_study.hpp"
#include "store/journal.hpp"
#include "store/journal_format.hpp"
#include "store_kit.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <string>
#include <vector>

using namespace store_kit;
using namespace troupe;

namespace {

const fs::path recorded = fs::path{TROUPE_VECTORS} / "journals";

/// What `troupe events` printed of a journal when it was written, in the words of today: a report
/// "takes" the checkpoint that it named.
std::vector<std::string> as_it_was(const std::string& name) {
  std::vector<std::string> lines;
  std::ifstream in{recorded / (name + ".jsonl")};
  for (std::string line; std::getline(in, line);) {
    auto e = parse_json(line).get_object();
    if (auto* checkpoint = e.if_contains("checkpoint");
        checkpoint && e.at("kind") == "trial_reported")
      e["takes"] = std::exchange(*checkpoint, nullptr);
    if (e.at("kind") == "trial_reported") e.erase("checkpoint");
    lines.push_back(to_text(to_json(event_from_json(e))));
  }
  return lines;
}

std::vector<std::string> as_it_is(const fs::path& file) {
  std::vector<std::string> lines;
  journal_reader reader{file};
  while (const auto e = reader.next())
    lines.push_back(to_text(to_json(*e)));
  return lines;
}

std::int64_t format_of(const fs::path& file) {
  sqlite::database db{file, sqlite::open_mode::read};
  return journal_format::check(db);
}

} // namespace

TEST_CASE("a journal of every older format is read, and brought forward when it is written") {
  for (const std::string name : {"format1_run", "format1_asked"}) {
    CAPTURE(name);
    temp_dir folder;
    const auto file = folder / "study.db";
    fs::copy_file(recorded / (name + ".db"), file);
    const auto before = as_it_was(name);
    REQUIRE(before.size() > 20);
    CHECK(format_of(file) == 1);
    CHECK(as_it_is(file) == before);
    { const journal_writer writer{file}; }
    CHECK(format_of(file) == journal_format::newest);
    CHECK(as_it_is(file) == before);
    CHECK(fs::file_size(file) <= fs::file_size(recorded / (name + ".db")) + 4 * 4096);
  }
}

TEST_CASE("a study of an older format goes on as it would have") {
  temp_dir folder;
  const study_layout layout{folder / "out"};
  fs::create_directories(layout.root());
  fs::copy_file(recorded / "format1_asked.db", layout.journal());
  fs::copy_file(recorded / "format1_asked.json", layout.study_file());
  const auto next = std::get<asked_study::trial>(asked_study{layout.root()}.ask("another"));
  CHECK(next.number == 8);
  CHECK(next.params == config{{"x", 0.8282412927996156}, {"k", 1}, {"c", "a"}});
  const auto open = std::get<asked_study::trial>(asked_study{layout.root()}.ask("c5"));
  CHECK(open.number == 5);
  CHECK(open.from_iteration == 1);
}

TEST_CASE("a journal that cannot be brought forward stays as it was, and its event is named") {
  temp_dir folder;
  const auto file = folder / "study.db";
  fs::copy_file(recorded / "format1_run.db", file);
  sqlite::database{file, sqlite::open_mode::write}.execute(
      "UPDATE events SET kind = 'trial_vanished' WHERE seq = 30");
  const auto bytes = read_file(file);
  CHECK(contains(message_of<journal_error>([&] { journal_writer{file}; }),
                 "study.db: event 30: \"kind\": \"trial_vanished\" is not known"));
  CHECK(read_file(file) == bytes);
}

TEST_CASE("a journal of a newer Troupe is refused, to read and to write") {
  temp_dir folder;
  const auto file = folder / "study.db";
  { const journal_writer writer{file}; }
  sqlite::database{file, sqlite::open_mode::write}.execute(
      "UPDATE meta SET value = '3' WHERE key = 'format'");
  for (const auto& said : {message_of<journal_error>([&] { journal_writer{file}; }),
                           message_of<journal_error>([&] { journal_reader{file}; })})
    CHECK(contains(said,
                   "study.db: was written by a newer Troupe (format 3, known are 1 to 2); read "
                   "it with that version"));
}

TEST_CASE("people and their tools see the events with their names") {
  temp_dir folder;
  const auto file = folder / "study.db";
  {
    journal_writer writer{file};
    writer.append(make_report(1, 0, 1));
    writer.commit();
  }
  sqlite::database db{file, sqlite::open_mode::read};
  sqlite::statement select{db, "SELECT kind, data FROM event_log"};
  REQUIRE(select.step());
  CHECK(select.text(0) == "trial_reported");
  CHECK(select.text(1).starts_with("[1,{\"loss\": "));
}

TEST_CASE("a journal that is older than a kind of event gets its name when it is next written") {
  const temp_dir folder;
  const auto file = folder / "study.db";
  { journal_writer{file}.append(make_event(1, {}, event_kind::study_started{"s", 1})); }
  const auto kinds = [&] {
    return sqlite::database{file, sqlite::open_mode::read}.select_integer(
        "SELECT count(*) FROM kinds");
  };
  const auto all = kinds();
  sqlite::database{file, sqlite::open_mode::write}.execute("DELETE FROM kinds WHERE code > 11");
  {
    journal_writer writer{file};
    writer.append(make_event(1, 0, event_kind::checkpoint_saved{0, 1}));
    writer.commit();
  }
  CHECK(kinds() == all);
  sqlite::database db{file, sqlite::open_mode::read};
  CHECK(db.select_integer("SELECT count(*) FROM event_log WHERE kind = 'checkpoint_saved'") == 1);
}
