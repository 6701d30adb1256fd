#include "actors/actor_kit.hpp"

#include <troupe/define_by_run.hpp>
#include <troupe/random.hpp>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <future>
#include <set>

using namespace troupe;
using namespace troupe::testing;

namespace {

/// Reports three times a loss that depends on the configuration and the trial's seed.
void three_reports(trial& t) {
  random_stream noise{t.seed("noise"), 0, ""};
  for (int i = t.iteration(); i < 3; ++i)
    if (!t.report({{"loss", t.param<double>("x") + noise.uniform() / (i + 1)}},
                  number_checkpoint(i + 1)))
      return;
}

} // namespace

TEST_CASE("a study runs all its trials and finds the best") {
  event_log log;
  const auto results = run_study(study_of(20), three_reports, 2, &log);
  REQUIRE(results.trials.size() == 20);
  CHECK(count(results, trial_state::completed) == 20);
  REQUIRE(results.best);
  for (const auto& t : results.trials) {
    CHECK(t.iterations == 3);
    CHECK(*t.last.find("loss") >= *results.trials[*results.best].last.find("loss"));
  }
  CHECK(log.all<event_kind::trial_reported>().size() == 60);
  std::uint64_t seq = 0;
  for (const auto& e : log.events())
    CHECK(e->seq == ++seq);
}

TEST_CASE("no more trials run at once than the leases allow") {
  std::atomic<int> running = 0, most = 0;
  auto s = study_of(30);
  s.per_trial.cpu = 0.5;
  run_study(
      s,
      [&](trial& t) {
        most = std::max(most.load(), ++running);
        three_reports(t);
        --running;
      },
      1.5);
  CHECK(most >= 1);
  CHECK(most <= 3);
}

TEST_CASE("studies that share a broker never use more than there is") {
  std::atomic<int> running = 0;
  actor_bench bench;
  const auto broker = spawn_broker(bench.system, {1, 0, {}});
  const auto train = [&](trial& t) {
    CHECK(++running == 1);
    three_reports(t);
    --running;
  };
  std::vector<study_actor> controllers;
  for (int i = 0; i < 3; ++i)
    controllers.push_back(spawn_study(
        bench.system, {study_of(5), {.name = "test", .train = train}, broker, {}, {}, {}}));
  for (const auto& c : controllers)
    anon_tell(c, start_study{});
  for (const auto& c : controllers)
    CHECK(finish(bench.system, c).trials.size() == 5);
}

TEST_CASE("the same study run twice gives bit-equal metrics, whatever the concurrency") {
  const auto one = run_study(study_of(12), three_reports, 1);
  const auto two = run_study(study_of(12), three_reports, 4);
  for (std::size_t i = 0; i < 12; ++i) {
    CHECK(one.trials[i].config == two.trials[i].config);
    CHECK(one.trials[i].last == two.trials[i].last);
  }
}

TEST_CASE("a trial that throws hurts itself alone") {
  const auto results = run_study(study_of(10), [](trial& t) {
    if (t.id() == "00003") throw std::runtime_error{"the weights are too heavy"};
    if (t.id() == "00004") throw 7;
    if (t.id() == "00005") throw std::bad_alloc{};
    three_reports(t);
  });
  CHECK(count(results, trial_state::completed) == 7);
  CHECK(results.trials[3].state == trial_state::failed);
  CHECK(results.trials[3].reason == "the weights are too heavy");
  CHECK(results.trials[4].reason == "an exception that is no std::exception");
  CHECK(results.trials[5].reason == "out of memory");
}

TEST_CASE("a trial without the study's metric, or with nan, hurts itself alone") {
  const auto results = run_study(study_of(4), [](trial& t) {
    if (t.id() == "00000") {
      CHECK_FALSE(t.report({{"los", 1}}));
      return;
    }
    if (t.id() == "00001") {
      CHECK_FALSE(t.report({{"loss", std::nan("")}}));
      return;
    }
    three_reports(t);
  });
  CHECK(results.trials[0].state == trial_state::failed);
  CHECK(results.trials[1].state == trial_state::stopped);
  CHECK(count(results, trial_state::completed) == 2);
}

TEST_CASE("a failed trial goes on from its last checkpoint") {
  auto s = study_of(1);
  s.max_failures = 2;
  std::vector<int> starts;
  const auto results = run_study(s, [&](trial& t) {
    starts.push_back(t.iteration());
    const int from = t.last_checkpoint() ? number_of(t.last_checkpoint()) : 0;
    CHECK(from == t.iteration());
    for (int i = from; i < 6; ++i) {
      if (!t.report({{"loss", 1.0 / (i + 1)}}, number_checkpoint(i + 1))) return;
      if (starts.size() <= 2 && i == 2 * static_cast<int>(starts.size()) - 1)
        throw std::runtime_error{"boom"};
    }
  });
  CHECK(starts == std::vector{0, 2, 4});
  CHECK(results.trials[0].state == trial_state::completed);
  CHECK(results.trials[0].iterations == 6);
}

TEST_CASE("a trial fails for good after max_failures retries") {
  auto s = study_of(2);
  s.max_failures = 2;
  std::atomic<int> attempts = 0;
  const auto results = run_study(s, [&](trial& t) {
    if (t.id() == "00001") return three_reports(t);
    ++attempts;
    throw std::runtime_error{"boom"};
  });
  CHECK(attempts == 3);
  CHECK(results.trials[0].state == trial_state::failed);
  CHECK(results.trials[1].state == trial_state::completed);
}

TEST_CASE("fail_fast ends the study at the first trial that fails for good") {
  auto s = study_of(50);
  s.fail_fast = true;
  const auto results = run_study(
      s,
      [&](trial& t) {
        if (t.id() == "00002") throw std::runtime_error{"boom"};
        three_reports(t);
      },
      1);
  CHECK(results.trials.size() < 50);
  CHECK(results.interrupted == "fail_fast: trial 00002 failed");
}

TEST_CASE("asha stops the worse trials early") {
  auto s = study_of(8);
  s.scheduler = {"asha", {{"max_t", 4}, {"grace_period", 1}, {"reduction_factor", 2}}};
  // One at a time, from good to bad: all but the first are stopped at their first rung.
  const auto results = run_study(
      s,
      [](trial& t) {
        for (int i = 0; i < 10; ++i)
          if (!t.report({{"loss", std::stoi(t.id()) + 1.0 / (i + 1)}})) return;
      },
      1);
  CHECK(results.trials[0].iterations == 4);
  for (std::size_t i = 1; i < 8; ++i)
    CHECK(results.trials[i].iterations == 1);
  CHECK(count(results, trial_state::stopped) == 8);
}

TEST_CASE("an interrupted study stops its trials at the next batch and keeps what they reported") {
  event_log log;
  std::promise<void> both;
  std::atomic<int> in_epoch = 0;
  actor_bench bench;
  const auto train = [&](trial& t) {
    if (!t.report({{"loss", 1}})) return;
    if (++in_epoch == 2) both.set_value();
    while (!t.stopping())
      std::this_thread::yield();
  };
  study_setup setup{
      study_of(9), {.name = "test", .train = train}, spawn_broker(bench.system, {2, 0, {}}), {},
      {},          {log.spawn(bench.system)}};
  const auto controller = spawn_study(bench.system, std::move(setup));
  anon_tell(controller, start_study{});
  both.get_future().wait();
  anon_tell(controller, interrupt_study{"by hand"});
  anon_tell(controller, interrupt_study{"by hand, again"});
  const auto results = finish(bench.system, controller);
  CHECK(count(results, trial_state::interrupted) == 2);
  CHECK(count(results, trial_state::running) == 0);
  CHECK(results.interrupted == "by hand");
  CHECK(results.trials[0].iterations == 1);
  CHECK(log.all<event_kind::study_stopping>().size() == 1);
}

TEST_CASE("a study ends when its time budget is used up") {
  auto s = study_of(1000);
  s.time_budget_s = 0.05;
  const auto results = run_study(s, [](trial& t) {
    if (!t.report({{"loss", 1}})) return;
    while (!t.stopping())
      std::this_thread::yield();
  });
  CHECK(results.interrupted == "time_budget_s is used up");
  CHECK(count(results, trial_state::interrupted) == 2); // a larger budget goes on with them
}

TEST_CASE("a trial that reports after it was told to stop is told again") {
  std::promise<void> running;
  actor_bench bench;
  const auto train = [&](trial& t) {
    running.set_value();
    while (!t.stopping())
      std::this_thread::yield();
    CHECK_FALSE(t.report({{"loss", 0.5}}));
    CHECK_FALSE(t.report({{"loss", 0.4}}));
  };
  const auto controller = spawn_study(bench.system, {study_of(1),
                                                     {.name = "test", .train = train},
                                                     spawn_broker(bench.system, {1, 0, {}}),
                                                     {},
                                                     {},
                                                     {}});
  anon_tell(controller, start_study{});
  running.get_future().wait();
  anon_tell(controller, interrupt_study{"by hand"});
  CHECK(finish(bench.system, controller).trials[0].state == trial_state::interrupted);
}

TEST_CASE("a study's space may be what a function asks for, trial by trial") {
  actor_bench bench;
  const auto train = [](trial& t) {
    const auto* y = find(t.config(), "y");
    CHECK((t.param<std::string>("kind") == "two") == (y != nullptr));
    if (!t.report({{"loss", t.param<double>("x") + (y ? y->to_number<double>() : 0)}})) return;
  };
  const auto define = [](suggester& trial) {
    trial.suggest_float("x", 0, 1);
    if (trial.suggest_choice("kind", {"one", "two"}) == "two") trial.suggest_float("y", 0, 1);
  };
  auto s = study_of(20);
  s.searcher = {"tpe", {}};
  study_setup setup{s, {.name = "test", .train = train}, spawn_broker(bench.system, {2, 0, {}})};
  setup.make_searcher = [&](const study& of) { return define_by_run(of, define); };
  const auto controller = spawn_study(bench.system, std::move(setup));
  anon_tell(controller, start_study{});
  CHECK(count(finish(bench.system, controller), trial_state::completed) == 20);
}

TEST_CASE("a trial that waits to be tried again does not keep its study from ending") {
  actor_bench bench;
  event_log log;
  auto s = study_of(1);
  s.max_failures = 50; // the last of its waits would be a minute each
  const auto train = [](trial&) { throw std::runtime_error{"boom"}; };
  const auto study = spawn_study(bench.system, {s,
                                                {.name = "test", .train = train},
                                                spawn_broker(bench.system, {1, 0, {}}),
                                                {},
                                                {},
                                                {log.spawn(bench.system)}});
  anon_tell(study, start_study{});
  while (log.so_far<event_kind::trial_started>() < 3) // the third time it waits for a second first
    std::this_thread::yield();
  anon_tell(study, interrupt_study{"by hand"});
  const auto results = finish(bench.system, study);
  CHECK(results.trials[0].state == trial_state::interrupted);
  CHECK(results.trials[0].reason_kind == reason_kind::interrupted);
}

TEST_CASE("of which kind the reason of a failure is: its function may say, or its memory ran out") {
  const auto results = run_study(study_of(3), [](trial& t) {
    if (t.id() == "00000") throw trial_error{reason_kind::signal, "killed by SIGSEGV"};
    if (t.id() == "00001") throw std::bad_alloc{};
    throw std::runtime_error{"boom"};
  });
  CHECK(results.trials[0].reason == "killed by SIGSEGV");
  CHECK(results.trials[0].reason_kind == reason_kind::signal);
  CHECK(results.trials[1].reason_kind == reason_kind::out_of_memory);
  CHECK(results.trials[2].reason_kind == reason_kind::error);
}
