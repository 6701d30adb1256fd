#include "actor_kit.hpp"
#include "actors/recorder.hpp"
#include "data/temp_dir.hpp"
#include "store/journal.hpp"

#include <caf/event_based_actor.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <condition_variable>
#include <future>

using namespace troupe;
using namespace troupe::event_kind;
using troupe::testing::actor_bench;

namespace fs = std::filesystem;

namespace {

/// What a recorder has told its client.
class told {
public:
  record_client_actor spawn_client(caf::actor_system& system) {
    return system.spawn([this]() -> record_client_actor::behavior_type {
      return {
          [this](events_written d) { add([&] { durable_.push_back(d.seq); }); },
          [](const checkpoint_settled&) {},
          [this](const recording_failed& f) { add([&] { failures_.push_back(f.what); }); },
      };
    });
  }

  /// Waits for all events up to `seq` to be durable; returns the seqs told.
  std::vector<std::uint64_t> durable(std::uint64_t seq) {
    return wait([&] { return !durable_.empty() && durable_.back() >= seq; }), durable_;
  }

  /// Waits for a failure; returns all of them.
  std::vector<std::string> failures() {
    return wait([&] { return !failures_.empty(); }), failures_;
  }

private:
  template <class Action>
  void add(Action action) {
    const std::lock_guard lock{mutex_};
    action();
    changed_.notify_all();
  }

  template <class Condition>
  void wait(Condition condition) {
    std::unique_lock lock{mutex_};
    REQUIRE(changed_.wait_for(lock, std::chrono::minutes{2}, condition));
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::uint64_t> durable_;
  std::vector<std::string> failures_;
};

/// A recorder of a new study in a folder of its own.
struct recorded_study {
  recorded_study() { anon_tell(recorder, client); }

  void record(std::optional<trial_number> trial, event_body body, checkpoint c = {}) {
    ++seq;
    const event e{seq, static_cast<std::int64_t>(seq), trial, std::move(body)};
    anon_tell(recorder, record_event{std::make_shared<const event>(e), std::move(c)});
  }

  void report(int iteration, std::optional<int> number = {}) {
    const checkpoint c{{{"model", std::vector<std::byte>(100)}}};
    record(0, trial_reported{iteration, {{"loss", 0.5}}, number, 0.1, 0.1},
           number ? c : checkpoint{});
  }

  /// Asks the recorder to finish; returns the error it answers with, empty if none.
  std::string finish() {
    study_results results;
    results.name = "demo";
    std::string error = "no answer";
    caf::scoped_actor self{bench.system};
    ask(self, recorder, std::chrono::minutes{2},
        finish_recording{std::make_shared<const study_results>(results)})
        .receive([&] { error.clear(); }, [&](const caf::error& e) { error = to_string(e); });
    return error;
  }

  std::uint64_t events_on_disk() const {
    auto reader = journal_reader::unchecked(layout.journal());
    std::uint64_t count = 0;
    while (reader.next())
      ++count;
    return count;
  }

  temp_dir folder;
  study_layout layout{folder / "out"};
  told news;
  actor_bench bench;
  recorder_actor recorder = spawn_recorder(
      bench.system, std::make_unique<study_writer>(std::make_unique<study_folder>(layout.root())));
  record_client_actor client = news.spawn_client(bench.system);
  std::uint64_t seq = 0;
};

/// Makes what trial 0 logs impossible to write.
void obstruct(const study_layout& layout) {
  fs::create_directories(layout.trial(0) / "log.txt");
}

} // namespace

TEST_CASE("a recorder writes down events, checkpoints, logs and the summary") {
  recorded_study s;
  s.record(0, trial_added{{{"lr", 0.1}}, 0});
  s.record(0, trial_started{});
  s.report(1, 0);
  s.report(2, 1);
  anon_tell(s.recorder, drop_checkpoints{0, {0}});
  anon_tell(s.recorder, trial_log{0, "hello"});
  s.record(0, trial_ended{});
  CHECK(s.finish().empty());

  CHECK(s.events_on_disk() == 5);
  CHECK(read_file(s.layout.trial(0) / "log.txt") == "hello\n");
  CHECK_FALSE(fs::exists(s.layout.checkpoint(0, 0)));
  CHECK(fs::exists(s.layout.checkpoint(0, 1) / "model"));
  CHECK(read_file(s.layout.summary()).find("demo") != std::string::npos);
}

TEST_CASE("a checkpoint is on the disk before the journal says that it was handed on") {
  recorded_study s;
  s.record(0, trial_added{});
  s.record(1, trial_added{});
  for (const trial_number n : {0U, 1U})
    s.record(n, trial_started{});
  const checkpoint large{{{"model", std::vector<std::byte>(std::size_t{64} << 20)}}};
  s.record(0, trial_reported{1, {{"loss", 0.5}}, 0, 0.1, 0.1}, large);
  s.record(1, trial_reported{1, {{"loss", 0.9}}, 0, 0.1, 0.1}, large);
  s.record(1, trial_decided{1, verdict::pause, "worst", trial_state::paused});
  s.record(1, trial_exploited{0, 0, 1, 0.1, {}});
  const auto handed_on = s.seq;
  s.record(1, trial_paused{1, "worst"});
  s.news.durable(handed_on);
  CHECK(fs::exists(s.layout.checkpoint(0, 0) / "model"));
  CHECK(s.finish().empty());
  CHECK(s.events_on_disk() == s.seq);
}

TEST_CASE("a recorder tells what is durable without being asked") {
  recorded_study s;
  s.record(0, trial_added{});
  const auto first = s.news.durable(1);
  CHECK(first == std::vector<std::uint64_t>{1});
  CHECK(s.events_on_disk() == 1);

  for (int iteration = 1; iteration <= 500; ++iteration)
    s.report(iteration);
  const auto all = s.news.durable(501);
  CHECK(all.back() == 501);
  CHECK(std::ranges::adjacent_find(all, std::ranges::greater_equal{}) == all.end());
  CHECK(s.events_on_disk() == 501);
}

TEST_CASE("a recorder that has finished holds its folder no longer") {
  recorded_study s;
  s.record({}, study_started{"demo", 1});
  CHECK_THROWS_AS(study_folder(s.layout.root(), folder_use::overwrite), folder_error);
  CHECK(s.finish().empty());
  CHECK_NOTHROW(study_folder(s.layout.root(), folder_use::overwrite));
}

TEST_CASE("the first write that fails is told once, and is the answer to finishing") {
  recorded_study s;
  s.record(0, trial_added{});
  s.news.durable(1);
  obstruct(s.layout);
  anon_tell(s.recorder, trial_log{0, "hello"});
  const auto failures = s.news.failures();
  s.report(2);
  s.report(3);
  const auto answer = s.finish();
  CHECK(answer.find("log.txt: Is a directory") != std::string::npos);
  REQUIRE(s.news.failures().size() == 1);
  CHECK(failures.at(0).find("log.txt: Is a directory") != std::string::npos);
  CHECK(s.events_on_disk() == 1);
  CHECK_FALSE(fs::exists(s.layout.summary()));
}

TEST_CASE("a client that introduces itself after a failure is told") {
  recorded_study s;
  s.report(1); // of a trial that was never added
  s.news.failures();
  told late;
  const auto client = late.spawn_client(s.bench.system);
  anon_tell(s.recorder, client);
  CHECK(late.failures().at(0).find("trial 0") != std::string::npos);
}

TEST_CASE("a failure does not reach who has only told the recorder something") {
  recorded_study s;
  obstruct(s.layout);
  std::promise<std::string> answer;
  s.bench.system.spawn([&](caf::event_based_actor* self) {
    const auto record = [&](std::uint64_t seq, event_body body) {
      tell(self, s.recorder,
           record_event{std::make_shared<const event>(event{seq, 0, 0, std::move(body)}), {}});
    };
    record(1, trial_added{});
    record(2, trial_reported{1, {}, {}, 0, 0});
    tell(self, s.recorder, trial_log{0, "hello"});
    record(3, trial_ended{});
    tell(self, s.recorder, trial_log{7, "of nobody"});
    ask(self, s.recorder, std::chrono::minutes{2},
        finish_recording{std::make_shared<const study_results>()})
        .then([self] { self->quit(); },
              [&answer, self](const caf::error& e) {
                answer.set_value(to_string(e));
                self->quit();
              });
  });
  auto answered = answer.get_future();
  REQUIRE(answered.wait_for(std::chrono::minutes{2}) == std::future_status::ready);
  CHECK(answered.get().find("Is a directory") != std::string::npos);
}

TEST_CASE("a folder that holds a database of another kind is refused before anything runs") {
  temp_dir folder;
  auto out = std::make_unique<study_folder>(folder / "out");
  write_file(folder / "out/study.db", std::string(2000, 'x'));
  CHECK_THROWS_AS(study_writer(std::move(out)), std::runtime_error);
}
