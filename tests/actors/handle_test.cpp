#include "actors/actor_kit.hpp"
#include "actors/runtime.hpp"
#include "data/temp_dir.hpp"

#include <atomic>
#include <cmath>
#include <filesystem>
#include <future>
#include <mutex>
#include <stdexcept>
#include <thread>

using namespace troupe;
using namespace troupe::testing;

namespace {

study_setup study_setup_of(caf::actor_system& system, study s, std::function<void(trial&)> train,
                           double cpus = 1) {
  return {.study = std::move(s),
          .trainable = {.name = "test", .train = std::move(train)},
          .broker = spawn_broker(system, {cpus, 0, {}})};
}

void one_report(trial& t) {
  std::ignore = t.report({{"loss", 0.5}});
}

study_results results_of(caf::actor_system& system, const study_actor& study) {
  caf::scoped_actor self{system};
  study_results results;
  ask(self, study, caf::infinite, await_results{})
      .receive([&](study_results& r) { results = std::move(r); },
               [](const caf::error& e) { FAIL(to_string(e)); });
  return results;
}

/// Asks for more CPUs than there are, for the trial that has reported.
class greedy_scheduler final : public scheduler {
public:
  void added(trial_number n) override { waiting_ = n; }
  decision reported(trial_number n, const result&) override {
    waiting_ = n;
    return {verdict::pause, "more CPUs", {}, {}, {{n, {64, 0, 0}}}};
  }
  void completed(trial_number, const std::optional<result>&) override {}
  void failed(trial_number) override {}
  void removed(trial_number) override {}
  std::optional<trial_number> choose() override { return std::exchange(waiting_, std::nullopt); }

private:
  std::optional<trial_number> waiting_;
};

} // namespace

TEST_CASE("a study that is interrupted before it is started ends at once, and nothing trains") {
  actor_bench bench;
  std::atomic<int> calls = 0;
  event_log log;
  auto setup = study_setup_of(bench.system, study_of(5), [&](trial& t) {
    ++calls;
    one_report(t);
  });
  setup.subscribers = {log.spawn(bench.system)};
  const auto study = spawn_study(bench.system, std::move(setup));
  anon_tell(study, interrupt_study{"changed my mind"});
  anon_tell(study, start_study{});
  const auto results = results_of(bench.system, study);
  CHECK(results.interrupted == "changed my mind");
  CHECK(results.trials.empty());
  CHECK(calls == 0);
  CHECK(log.events().size() == 3); // it began, was told to stop, and ended
}

TEST_CASE("a study that is started twice runs once") {
  actor_bench bench;
  event_log log;
  auto setup = study_setup_of(bench.system, study_of(3), one_report);
  setup.subscribers = {log.spawn(bench.system)};
  const auto study = spawn_study(bench.system, std::move(setup));
  anon_tell(study, start_study{});
  anon_tell(study, start_study{});
  CHECK(results_of(bench.system, study).trials.size() == 3);
  CHECK(log.all<event_kind::study_started>().size() == 1);
}

TEST_CASE("results may be asked for before the study begins, and again when it has ended") {
  actor_bench bench;
  const auto study =
      spawn_study(bench.system, study_setup_of(bench.system, study_of(3), one_report));
  CHECK(finish(bench.system, study).trials.size() == 3); // asks before it starts
  CHECK(results_of(bench.system, study).trials.size() == 3);
  anon_tell(study, interrupt_study{"too late"});
  anon_tell(study, stop_trial{0, "too late"});
  anon_tell(study, start_study{});
  const auto again = results_of(bench.system, study);
  CHECK(again.interrupted.empty());
  CHECK(again.trials[0].state == trial_state::completed);
}

TEST_CASE("a study that is never started does not keep its actor system") {
  actor_bench bench;
  const auto study =
      spawn_study(bench.system, study_setup_of(bench.system, study_of(3), one_report));
  anon_tell(study, stop_trial{0, "there is none yet"});
}

TEST_CASE("one trial is stopped by hand, running or waiting, and the others go on") {
  actor_bench bench;
  event_log log;
  std::promise<void> running;
  auto s = study_of(3);
  s.scheduler = {"hyperband", {{"max_t", 9}}}; // which wants several to wait
  auto setup = study_setup_of(bench.system, s, [&](trial& t) {
    if (t.id() != "00000") return one_report(t);
    one_report(t);
    if (t.iteration() == 0) running.set_value();
    while (!t.stopping())
      std::this_thread::yield();
  });
  setup.subscribers = {log.spawn(bench.system)};
  const auto study = spawn_study(bench.system, std::move(setup));
  anon_tell(study, start_study{});
  running.get_future().wait();
  while (log.so_far<event_kind::trial_added>() < 3)
    std::this_thread::yield();
  anon_tell(study, stop_trial{2, "not that one"});
  anon_tell(study, stop_trial{7, "there is none"});
  anon_tell(study, stop_trial{0, "enough of it"});
  const auto results = results_of(bench.system, study);
  REQUIRE(results.trials.size() == 3);
  CHECK(results.trials[0].state == trial_state::stopped);
  CHECK(results.trials[0].reason == "enough of it");
  CHECK(results.trials[0].iterations == 1);
  CHECK(results.trials[2].state == trial_state::stopped);
  CHECK(results.trials[2].reason == "not that one");
  CHECK(results.trials[2].iterations == 0);
  CHECK(results.trials[1].iterations == 1);
  CHECK(results.interrupted.empty());
}

TEST_CASE("trials can be added to a study that runs: they are more than there were to be") {
  actor_bench bench;
  event_log log;
  std::promise<void> running, go_on;
  auto s = study_of(2);
  s.space = search_space{};
  s.space.add("lr", grid_search{{0.1, 0.2}}).add("k", randint{0, 100});
  s.num_samples = 1;
  std::mutex seen;
  std::vector<double> rates;
  auto setup = study_setup_of(bench.system, s, [&, waited = go_on.get_future().share()](trial& t) {
    {
      const std::lock_guard guard{seen};
      rates.push_back(t.param<double>("lr"));
      if (rates.size() == 1) running.set_value();
    }
    waited.wait();
    one_report(t);
  });
  setup.subscribers = {log.spawn(bench.system)};
  const auto study = spawn_study(bench.system, std::move(setup));
  caf::scoped_actor self{bench.system};
  const auto answer = [&](const config& c) {
    std::string said;
    ask(self, study, caf::infinite, add_trial{c, "a colleague"})
        .receive([&](trial_number n) { said = trial_id(n); },
                 [&](const caf::error& e) { said = explanation(e); });
    return said;
  };
  CHECK(answer({{"lr", 0.5}}) == "the study has not begun");
  anon_tell(study, start_study{});
  running.get_future().wait();
  const auto first = answer({{"lr", 0.5}});
  CHECK(first != answer({{"lr", 0.7}, {"k", 3}}));
  CHECK(answer({{"rate", 0.5}}).find("rate") != std::string::npos);
  go_on.set_value();
  const auto results = results_of(bench.system, study);
  CHECK(results.trials.size() == 4);
  std::ranges::sort(rates);
  CHECK(rates == std::vector{0.1, 0.2, 0.5, 0.7}); // the grid has no gap
  CHECK(answer({{"lr", 0.5}}) == "the study has ended");
  for (const auto& t : results.trials)
    CHECK(param<int>(t.config, "k") >= 0); // what was left open has been drawn
}

TEST_CASE("a study whose trials need more than there will ever be ends, and says of what") {
  actor_bench bench;
  auto s = study_of(3);
  s.per_trial.cpu = 8;
  const auto study = spawn_study(bench.system, study_setup_of(bench.system, s, one_report, 2));
  const auto results = finish(bench.system, study);
  CHECK(results.interrupted == "a trial needs 8 CPUs, and there are 2");
  for (const auto& t : results.trials)
    CHECK(t.iterations == 0);
}

TEST_CASE("a study ends when a trial is to go on with more than there will ever be") {
  actor_bench bench;
  const auto s = study_of(2);
  controller_setup setup;
  setup.course = std::make_unique<study_course>(s, 1);
  setup.broker = spawn_broker_actor(bench.system, {1, 0, {}});
  setup.scheduler = spawn_scheduler(bench.system, std::make_unique<greedy_scheduler>());
  setup.searcher = spawn_searcher(bench.system, make_searcher(s));
  setup.trials = threaded_trials([](trial& t) {
    std::ignore = t.report({{"loss", 0.5}}, number_checkpoint(1));
  });
  const auto results = finish(bench.system, spawn_controller(bench.system, std::move(setup)));
  CHECK(results.interrupted == "a trial needs 64 CPUs, and there is 1");
}

TEST_CASE("a broker of nonsense is refused where it is made") {
  actor_bench bench;
  CHECK_THROWS_AS(spawn_broker(bench.system, {1e10, 0, {}}), std::invalid_argument);
  CHECK_THROWS_AS(spawn_broker(bench.system, {-1, 0, {}}), std::invalid_argument);
}

TEST_CASE("what cannot be built leaves no actor and no file behind") {
  temp_dir folder;
  actor_bench bench; // whose end waits for all actors
  const auto out = folder / "out";
  auto setup = study_setup_of(bench.system, study_of(3), one_report);
  setup.folder = out;
  setup.make_searcher = [](const study&) -> std::unique_ptr<searcher> {
    throw std::invalid_argument{"no idea"};
  };
  CHECK_THROWS_WITH(spawn_study(bench.system, setup), "no idea");
  CHECK_FALSE(std::filesystem::exists(out));

  setup.make_searcher = {};
  setup.study.scheduler = {"asha", {{"max_t", 1e9}, {"reduction_factor", 1.0000001}}};
  CHECK_THROWS_AS(spawn_study(bench.system, setup), std::invalid_argument);
  CHECK_FALSE(std::filesystem::exists(out));

  setup.study.scheduler = {"fifo", {}};
  auto taken = std::make_unique<study_folder>(out);
  std::filesystem::create_directories(out / "study.json/obstacle");
  CHECK_THROWS_AS(spawn_study(bench.system, setup, std::move(taken)), folder_error);
  CHECK_FALSE(std::filesystem::exists(out));
}

TEST_CASE("a study runs in a system that is configured otherwise, and leaves it as it is") {
  { actor_bench registers_the_messages; }
  caf::actor_system_config config;
  config.set("caf.scheduler.policy", "stealing");
  config.set("caf.scheduler.max-threads", 1);
  const auto before = caf::deep_to_string(content(config));
  caf::actor_system system{config};
  auto setup = study_setup_of(system, study_of(20), one_report, 2);
  CHECK(finish(system, spawn_study(system, std::move(setup))).trials.size() == 20);
  CHECK(caf::deep_to_string(content(config)) == before);
}
