#include "base/json.hpp"
#include "store/checkpoint_shelf.hpp"
#include "store/study_writer.hpp"
#include "store_kit.hpp"

#include <doctest/doctest.h>

#include <set>
#include <sys/resource.h>

using namespace store_kit;
using namespace troupe;
using namespace troupe::event_kind;

namespace {

/// A study being written, whose events are numbered by themselves.
class written_study {
public:
  explicit written_study(const fs::path& root, bool with_trial_files = true)
      : layout{root},
        writer{std::make_unique<study_folder>(root), with_trial_files} {}

  event write(std::optional<trial_number> trial, event_body body) {
    const auto e = std::make_shared<const event>(make_event(++seq_, trial, std::move(body)));
    writer.write(e);
    return *e;
  }

  void report(trial_number trial, int iteration, std::optional<int> checkpoint_number = {}) {
    const auto e =
        write(trial, trial_reported{iteration, {{"loss", 0.5}}, checkpoint_number, 0.1, 0.1});
    if (checkpoint_number) shelf.save(e, checkpoint{{{"model", std::vector<std::byte>(10)}}});
  }

  study_layout layout;
  study_writer writer;
  checkpoint_shelf shelf{layout};

private:
  std::uint64_t seq_ = 0;
};

/// Begins study `s`, and leaves it.
void begin_in(const fs::path& root, const study& s) {
  const auto writer = study_writer::begin(std::make_unique<study_folder>(root), s);
  writer->write(std::make_shared<const event>(make_event(1, {}, study_started{"demo", 1})));
  writer->commit();
}

} // namespace

TEST_CASE("events make a trial's files") {
  temp_dir folder;
  written_study s{folder / "out"};
  s.write({}, study_started{"demo", 1});
  s.write(0, trial_added{{{"lr", 0.1}}, 0});
  s.write(0, trial_started{1, 0, {}});
  s.report(0, 1, 0);
  s.writer.log(0, "hello");
  s.write(0, trial_failed{1, "boom", true});
  s.write(0, trial_started{2, 1, {}});
  s.report(0, 2);
  s.write(0, trial_paused{2, "rung"});
  s.write(0, trial_ended{trial_state::stopped, "asha"});
  s.writer.log(0, "a last word");
  s.write({}, study_ended{0, ""});
  CHECK(s.writer.commit() == 10);

  const auto trial = s.layout.trial(0);
  CHECK(contains(read_file(trial / "params.json"), "\"lr\": 0.1"));
  CHECK(std::ranges::count(read_file(trial / "result.json"), '\n') == 2);
  CHECK(std::ranges::count(read_file(trial / "progress.csv"), '\n') == 3);
  CHECK(read_file(trial / "log.txt") == "hello\na last word\n");
  CHECK(contains(read_file(trial / "error.txt"), "boom"));
  CHECK(parse_json(read_file(trial / "checkpoint_000000/metadata.json")) ==
        boost::json::value{{"trial_id", "00000"},
                           {"iteration", 1},
                           {"metrics", {{"loss", 0.5}}},
                           {"time_total_s", 0.1}});
}

TEST_CASE("a trial that has taken over shows its new configuration from its next start on") {
  temp_dir folder;
  written_study s{folder / "out"};
  s.write(0, trial_added{{{"lr", 0.1}}, 0});
  s.write(0, trial_started{1, 0, {}});
  s.report(0, 1);
  s.write(0, trial_exploited{1, 0, 4, 2.0, {{"lr", 0.3}}});
  const auto trial = s.layout.trial(0);
  CHECK(contains(read_file(trial / "params.json"), "\"lr\": 0.1"));
  s.write(0, trial_paused{1, "worst"});
  s.write(0, trial_started{2, 4, {}});
  s.report(0, 5);
  s.writer.commit();
  CHECK(contains(read_file(trial / "params.json"), "\"lr\": 0.3"));
  const auto rows = read_file(trial / "result.json");
  CHECK(rows.find("\"lr\": 0.1") < rows.find('\n'));
  CHECK(rows.find("\"lr\": 0.3") > rows.find('\n'));
}

TEST_CASE("a study ends with a summary that names the best checkpoint from its own folder") {
  temp_dir folder;
  written_study s{folder / "out"};
  s.write(0, trial_added{});
  study_results results;
  results.name = "demo";
  results.best = 0;
  results.trials.emplace_back().scope_checkpoint = 4;
  s.writer.finish(results);
  const auto summary = parse_json(read_file(s.layout.summary()));
  CHECK(summary.at("name") == "demo");
  CHECK(summary.at("best").at("checkpoint") == "trials/00000/checkpoint_000004");
  CHECK(journal_reader::unchecked(s.layout.journal()).next());
}

TEST_CASE("a trial without files of its own has a folder when there is something to put in it") {
  temp_dir folder;
  written_study s{folder / "out", false};
  for (const trial_number n : {0U, 1U, 2U, 3U}) {
    s.write(n, trial_added{{{"lr", 0.1}}, 0});
    s.write(n, trial_started{1, 0, {}});
    s.report(n, 1);
  }
  CHECK_FALSE(fs::exists(s.layout.trials()));
  s.report(1, 2, 0);
  s.writer.log(2, "hello");
  s.write(3, trial_failed{1, "boom", false});
  s.write(0, trial_ended{trial_state::completed, ""});
  s.writer.log(0, "a last word");
  s.writer.finish({});
  const auto files_of = [&](trial_number n) {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator{s.layout.trial(n)})
      names.insert(entry.path().filename().string());
    return names;
  };
  CHECK(files_of(0) == std::set<std::string>{"log.txt"});
  CHECK(files_of(1) == std::set<std::string>{"checkpoint_000000"});
  CHECK(files_of(2) == std::set<std::string>{"log.txt"});
  CHECK(files_of(3) == std::set<std::string>{"error.txt"});
}

TEST_CASE("a trial's text files are made when there is something in them") {
  temp_dir folder;
  written_study s{folder / "out"};
  s.write(0, trial_added{{{"lr", 0.1}}, 0});
  s.write(0, trial_started{1, 0, {}});
  s.report(0, 1);
  CHECK_FALSE(fs::exists(s.layout.trial(0) / "log.txt"));
  CHECK_FALSE(fs::exists(s.layout.trial(0) / "error.txt"));
}

TEST_CASE("a derived file that cannot be written ends nothing, and is told at the end") {
  temp_dir folder;
  written_study s{folder / "out"};
  for (const trial_number n : {0U, 1U}) {
    s.write(n, trial_added{{{"lr", 0.1}}, 0});
    s.write(n, trial_started{1, 0, {}});
  }
  fs::create_directory(s.layout.trial(0) / "result.json");
  for (int iteration = 1; iteration <= 3; ++iteration)
    for (const trial_number n : {0U, 1U})
      s.report(n, iteration);
  s.write(0, trial_paused{3, "rung"});
  s.write(0, trial_started{2, 3, {}});
  CHECK(s.writer.commit() == 12);
  CHECK(std::ranges::count(read_file(s.layout.trial(1) / "result.json"), '\n') == 3);
  const auto told = message_of<std::runtime_error>([&] { s.writer.finish({}); });
  CHECK(contains(told, "trials/00000/result.json: Is a directory"));
  CHECK(contains(told, "doctor"));
  CHECK(fs::exists(s.layout.summary()));
}

TEST_CASE("a study that has no event yet leaves nothing, and the former one stays") {
  temp_dir folder;
  study s;
  s.metric = "loss";
  s.num_samples = 3;
  study_writer::begin(std::make_unique<study_folder>(folder / "out"), s);
  CHECK_FALSE(fs::exists(folder / "out"));
  begin_in(folder / "out", s);
  s.num_samples = 4;
  study_writer::begin(std::make_unique<study_folder>(folder / "out", folder_use::overwrite), s);
  CHECK(read_study(folder / "out/study.json").num_samples == 3);
  CHECK_FALSE(fs::exists(folder / "out/.former"));
}

TEST_CASE("study.json says whether trials have files of their own") {
  temp_dir folder;
  study s;
  s.metric = "loss";
  s.num_samples = 1001;
  begin_in(folder / "many", s);
  CHECK(read_study(folder / "many/study.json").trial_files == false);
  s.num_samples = 1000;
  begin_in(folder / "few", s);
  CHECK(read_study(folder / "few/study.json").trial_files == true);
}

TEST_CASE("what a crash has left of half-written checkpoints goes with the trial's next one") {
  temp_dir folder;
  written_study s{folder / "out"};
  s.write(0, trial_added{});
  fs::create_directories(s.layout.trial(0) / ".checkpoint_000007.tmp");
  s.report(0, 1, 0);
  CHECK_FALSE(fs::exists(s.layout.trial(0) / ".checkpoint_000007.tmp"));
  CHECK(fs::exists(s.layout.checkpoint(0, 0)));
}

TEST_CASE("events that make no sense are a programmer's error") {
  temp_dir folder;
  written_study s{folder / "out"};
  CHECK_THROWS_AS(s.report(0, 1), std::logic_error);
  temp_dir second;
  written_study t{second / "out"};
  t.write(0, trial_added{});
  CHECK_THROWS_AS(t.shelf.save(t.write(0, trial_reported{1, {}, 0, 0, 0}), {}), std::logic_error);
}

TEST_CASE("more trials at once than descriptors are written down all the same") {
  temp_dir folder;
  constexpr trial_number count = 200;
  child_process child{[&](int) {
    const rlimit limit{400, 400};
    ::setrlimit(RLIMIT_NOFILE, &limit);
    written_study s{folder / "out"};
    for (trial_number n = 0; n < count; ++n)
      s.write(n, trial_added{});
    for (int iteration = 1; iteration <= 2; ++iteration)
      for (trial_number n = 0; n < count; ++n) {
        s.writer.log(n, "a line");
        s.report(n, iteration);
      }
    s.writer.commit();
  }};
  CHECK(child.wait() == 0);
  const study_layout layout{folder / "out"};
  for (const trial_number n : {0U, 100U, count - 1})
    CHECK(std::ranges::count(read_file(layout.trial(n) / "progress.csv"), '\n') == 3);
}

TEST_CASE("what is made from events follows the commit, and so is never ahead of the journal") {
  temp_dir folder;
  written_study s{folder / "out"};
  s.write(0, trial_added{{{"lr", 0.1}}, 0});
  s.write(0, trial_started{1, 0, {}});
  s.report(0, 1);
  s.report(0, 2);
  const auto results = s.layout.trial(0) / "result.json";
  CHECK_FALSE(fs::exists(results));
  s.writer.commit();
  CHECK(std::ranges::count(read_file(results), '\n') == 2);
  s.report(0, 3);
  s.write(0, trial_ended{trial_state::completed, ""});
  CHECK(std::ranges::count(read_file(results), '\n') == 2);
  s.writer.commit();
  CHECK(std::ranges::count(read_file(results), '\n') == 3);
}
