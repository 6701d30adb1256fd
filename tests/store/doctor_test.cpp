#include "base/json.hpp"
#include "doctor_kit.hpp"
#include "store/checkpoint_folder.hpp"
#include "store/sqlite.hpp"

#include <troupe/errors.hpp>

#include <array>
#include <fstream>

using namespace store_kit;
using namespace troupe;

namespace {

using damage = std::function<void(const study_layout&)>;

void cut(const fs::path& file, std::uintmax_t bytes) {
  fs::resize_file(file, fs::file_size(file) - bytes);
}

void change_journal(const study_layout& layout, const std::string& sql) {
  sqlite::database{layout.journal(), sqlite::open_mode::write}.execute(sql);
}

/// What is done to a folder, and what is then found: one thing, at a path that ends like `where`.
struct planted {
  damage act;
  std::string where, what;
};

const std::vector<planted>& reparable() {
  static const std::vector<planted> all{
      {[](auto& l) { fs::remove(l.trial(0) / "params.json"); }, "00000/params.json", "missing"},
      {[](auto& l) { write_file(l.trial(3) / "params.json", "{}"); }, "00003/params.json",
       "not what"},
      {[](auto& l) { fs::remove(l.trial(0) / "result.json"); }, "00000/result.json", "missing"},
      {[](auto& l) { cut(l.trial(0) / "result.json", 7); }, "00000/result.json", "not what"},
      {[](auto& l) { write_file(l.trial(3) / "result.json", "{}\n"); }, "00003/result.json",
       "not wh"},
      {[](auto& l) { fs::remove(l.trial(2) / "progress.csv"); }, "00002/progress.csv", "missing"},
      {[](auto& l) { cut(l.trial(1) / "progress.csv", 30); }, "00001/progress.csv", "not what"},
      {[](auto& l) { fs::remove(l.summary()); }, "summary.json", "missing"},
      {[](auto& l) { cut(l.summary(), 5); }, "summary.json", "not what"},
      {[](auto& l) { write_file(l.root() / "summary.json.tmp", "{"); }, "summary.json.tmp", "half"},
      {[](auto& l) { write_file(l.root() / "study.json.tmp", "{"); }, "study.json.tmp", "half"},
      {[](auto& l) { write_file(l.trial(1) / "params.json.tmp", "{"); }, "params.json.tmp", "half"},
      {[](auto& l) { fs::create_directories(l.trial(0) / ".checkpoint_000003.tmp"); },
       ".checkpoint_000003.tmp", "half"},
      {[](auto& l) { fs::create_directories(l.trial(0) / ".checkpoint_000001.old"); },
       ".checkpoint_000001.old", "half"},
      {[](auto& l) { write_file(l.root() / ".troupe_work_abc/new/1/model", "x"); },
       ".troupe_work_abc", "was left by a program"},
      {[](auto& l) {
         write_checkpoint(l.checkpoint(0, 0), checkpoint{{blob{"a", {}}}}, {});
       },
       "checkpoint_000000", "nothing needs"},
      {[](auto& l) { fs::create_directories(l.checkpoint(7, 0)); }, "00007", "does not know"},
  };
  return all;
}

const std::vector<planted>& beyond_repair() {
  static const auto tensors_of = [](const study_layout& l) {
    return l.checkpoint(0, 1) / "model.safetensors";
  };
  static const std::vector<planted> all{
      {[](auto& l) { fs::remove_all(l.checkpoint(0, 1)); }, "checkpoint_000001", "missing"},
      {[](auto& l) { cut(tensors_of(l), 1); }, "checkpoint_000001", "where its header says"},
      {[](auto& l) { write_file(tensors_of(l), "abc"); }, "checkpoint_000001", "cut short"},
      {[](auto& l) { fs::resize_file(tensors_of(l), 30); }, "checkpoint_000001", "cut short"},
      {[](auto& l) {
         write_file(tensors_of(l), std::string{"\2\0\0\0\0\0\0\0[]", 10});
       },
       "checkpoint_000001", "no header"},
      {[](auto& l) { write_file(l.checkpoint(1, 0) / "metadata.json", "{\"itera"); },
       "00001/checkpoint_000000", "metadata.json cannot be read"},
      {[](auto& l) { fs::remove(l.checkpoint(0, 2) / "metadata.json"); }, "checkpoint_000002",
       "metadata.json cannot be read"},
      {[](auto& l) { cut(l.study_file(), 20); }, "study.json", "damaged or missing"},
      {[](auto& l) { fs::remove(l.study_file()); }, "study.json", "damaged or missing"},
      {[](auto& l) {
         auto s = told_study::plan();
         s.scheduler.name = "of_another_program";
         write_file(l.study_file(), to_pretty_text(to_json(s)));
       },
       "study.json", "is another program's: unknown scheduler"},
      {[](auto& l) {
         auto s = told_study::plan();
         s.name = "other";
         write_file(l.study_file(), to_pretty_text(to_json(s)));
       },
       "study.json", "another study's"},
      {[](auto& l) { change_journal(l, "DELETE FROM events WHERE seq = 4"); }, "study.db",
       "the events before it are missing"},
      {[](auto& l) { change_journal(l, "UPDATE events SET trial = 9 WHERE seq = 6"); }, "study.db",
       "event 6"},
      {[](auto& l) { change_journal(l, "PRAGMA application_id = 5"); }, "study.db",
       "not the journal"},
      {[](auto& l) { write_file(l.journal(), std::string(5000, 'x')); }, "study.db",
       "not a database"},
  };
  return all;
}

void check_is(const finding& f, const planted& p) {
  CAPTURE(f.where);
  CAPTURE(f.what);
  CHECK(f.where.ends_with(p.where));
  CHECK(contains(f.what, p.what));
  CHECK_FALSE(f.remedy.empty());
}

} // namespace

TEST_CASE("nothing is wrong with a study that was written in peace") {
  temp_dir folder;
  const auto layout = write_study(folder / "out");
  const auto d = examine(layout, false);
  CHECK(d.findings.empty());
  CHECK(d.trials == 4);
  CHECK(d.checkpoints == 3);
  CHECK(d.events == 24);
}

TEST_CASE("each damage to what is derived is found, named and repaired") {
  for (const auto& p : reparable()) {
    CAPTURE(p.where);
    temp_dir folder;
    const auto layout = write_study(folder / "out");
    const auto whole = contents(layout.root());
    p.act(layout);
    const auto f = only_finding(layout);
    check_is(f, p);
    REQUIRE(f.repair);
    f.repair();
    CHECK(examine(layout, false).findings.empty());
    CHECK(contents(layout.root()) == whole); // to the byte, down to who wrote a report down
  }
}

TEST_CASE("Optuna's tables that say something else than the events are made anew") {
  const std::pair<std::string, std::string> damages[]{
      {"UPDATE trials SET state = 'FAIL' WHERE trial_id = 1", "say: trial 00000"},
      {"DELETE FROM trial_intermediate_values", "more places"},
      {"UPDATE studies SET study_name = 'other'", "study"}};
  for (const auto& [sql, what] : damages) {
    CAPTURE(sql);
    temp_dir folder;
    const auto layout = write_study(folder / "out");
    change_journal(layout, sql);
    if (what == "study") { // whoever uses it may call it what they like
      CHECK(examine(layout, false).findings.empty());
      continue;
    }
    const auto f = only_finding(layout);
    CHECK(contains(f.what, "Optuna's tables do not say what the events say"));
    CHECK(contains(f.what, what));
    REQUIRE(f.repair);
    f.repair();
    CHECK(examine(layout, false).findings.empty());
    CHECK(examine(layout, false).events == 24);
  }
}

TEST_CASE("what others have put into a trial's folder is theirs") {
  temp_dir folder;
  const auto layout = write_study(folder / "out");
  fs::create_directories(layout.trial(99));
  write_file(layout.trial(99) / "thesis.txt", "mine");
  CHECK(examine(layout, false).findings.empty());
  write_file(layout.trial(99) / "params.json", "{}");
  only_finding(layout).repair();
  CHECK(examine(layout, false).findings.empty());
  CHECK(read_file(layout.trial(99) / "thesis.txt") == "mine");
}

TEST_CASE("any damages to what is derived are repaired together") {
  std::mt19937_64 random{1};
  for (int round = 0; round < 10; ++round) {
    temp_dir folder;
    const auto layout = write_study(folder / "out");
    const auto journal = read_file(layout.journal());
    const auto study_file = read_file(layout.study_file());
    for (int i = 0; i < 5; ++i) {
      const auto& p = reparable()[random() % reparable().size()];
      try {
        p.act(layout);
      } catch (const fs::filesystem_error&) {
        // Another damage has taken away what this one would cut.
      }
    }
    for (const auto& f : examine(layout, false).findings) {
      REQUIRE(f.repair);
      f.repair();
    }
    CHECK(examine(layout, false).findings.empty());
    CHECK(read_file(layout.journal()) == journal);
    CHECK(read_file(layout.study_file()) == study_file);
  }
}

TEST_CASE("damage to what nothing else tells is found and named, and not repaired") {
  for (const auto& p : beyond_repair()) {
    CAPTURE(p.where);
    CAPTURE(p.what);
    temp_dir folder;
    const auto layout = write_study(folder / "out");
    p.act(layout);
    const auto f = only_finding(layout);
    check_is(f, p);
    CHECK_FALSE(f.repair);
  }
}

TEST_CASE("a database whose pages are damaged is found out") {
  temp_dir folder;
  const auto layout = write_study(folder / "out");
  {
    std::fstream file{layout.journal(), std::ios::binary | std::ios::in | std::ios::out};
    file.seekp(4096 + 8); // amid the second page
    file << std::string(200, '\x7f');
  }
  const auto f = only_finding(layout);
  CHECK(f.where.ends_with("study.db"));
  CHECK_FALSE(f.repair);
}

TEST_CASE("a folder of another trial keeps what is not ours") {
  temp_dir folder;
  const auto layout = write_study(folder / "out");
  fs::create_directories(layout.trial(9));
  write_file(layout.trial(9) / "log.txt", "hello\n");
  write_file(layout.trial(9) / "notes.md", "mine\n");
  const auto f = only_finding(layout);
  f.repair();
  CHECK_FALSE(fs::exists(layout.trial(9) / "log.txt"));
  CHECK(fs::exists(layout.trial(9) / "notes.md"));
}

TEST_CASE("a repair that fails says why") {
  temp_dir folder;
  const auto layout = write_study(folder / "out");
  fs::remove(layout.trial(0) / "result.json");
  fs::create_directories(layout.trial(0) / "result.json/mine");
  const auto f = only_finding(layout);
  CHECK(contains(message_of<std::runtime_error>(f.repair), "result.json: Is a directory"));
}

TEST_CASE("where a study has no files of its trials, none are missed") {
  temp_dir folder;
  const auto layout = write_study(folder / "out");
  auto s = told_study::plan();
  s.trial_files = false;
  write_file(layout.study_file(), to_pretty_text(to_json(s)));
  for (trial_number n = 0; n < 4; ++n)
    for (const auto* name : {"params.json", "result.json", "progress.csv"})
      fs::remove(layout.trial(n) / name);
  CHECK(examine(layout, false).findings.empty());
}

TEST_CASE("of a study that runs, only what does not change is looked at") {
  temp_dir folder;
  told_study s{folder / "out"};
  s.add();
  s.start(0);
  s.report(0, {{"loss", 0.5}});
  s.commit();
  CHECK(is_in_use(s.layout));
  fs::remove(s.layout.trial(0) / "result.json");
  CHECK(examine(s.layout, true).findings.empty());
  CHECK(examine(s.layout, false).findings.size() == 1);
  s.leave(0);
  s.end();
  CHECK_FALSE(is_in_use(s.layout));
}

TEST_CASE("a summary of a study that has not ended is none") {
  temp_dir folder;
  told_study s{folder / "out"};
  s.add();
  s.commit();
  write_file(s.layout.summary(), "{}");
  const auto f = only_finding(s.layout);
  CHECK(contains(f.what, "has not ended"));
  f.repair();
  CHECK_FALSE(fs::exists(s.layout.summary()));
}

TEST_CASE("a folder without a study is an error that names it") {
  temp_dir folder;
  CHECK(contains(message_of<folder_error>([&] { examine(study_layout{folder / "none"}, false); }),
                 "none holds no study"));
}
