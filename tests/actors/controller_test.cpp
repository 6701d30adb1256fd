#include "actors/actor_kit.hpp"

#include <future>

using namespace troupe;
using namespace troupe::testing;
using namespace std::chrono_literals;

namespace {

controller_setup setup_of(caf::actor_system& system, const study& s,
                          std::function<void(trial&)> train, double cpus = 1) {
  controller_setup setup;
  setup.broker = spawn_broker_actor(system, {cpus, 0, {}});
  auto decides = make_scheduler(s);
  setup.course = std::make_unique<study_course>(s, decides->lookahead());
  setup.scheduler = spawn_scheduler(system, std::move(decides));
  setup.searcher = spawn_searcher(system, make_searcher(s));
  setup.trials = threaded_trials(std::move(train));
  setup.seed = s.seed;
  setup.time_budget_s = s.time_budget_s;
  return setup;
}

void reports(trial& t, int n) {
  for (int i = t.iteration(); i < n; ++i)
    if (!t.report({{"loss", 1.0 / (i + 1)}}, number_checkpoint(i + 1))) return;
}

/// Pauses every trial at each report until all have made it, then goes on with the last added.
class pausing_scheduler final : public scheduler {
public:
  void added(trial_number n) override { waiting_.push_back(n); }
  decision reported(trial_number n, const result& r) override {
    if (r.time >= 3) return {verdict::stop, "three are enough", {}};
    waiting_.push_back(n);
    return {verdict::pause, "others first", {}};
  }
  void completed(trial_number, const std::optional<result>&) override {}
  void failed(trial_number) override {}
  void removed(trial_number) override {}
  std::optional<trial_number> choose() override {
    if (waiting_.empty()) return std::nullopt;
    const auto n = waiting_.back();
    waiting_.pop_back();
    return n;
  }
  std::size_t lookahead() const noexcept override { return 3; }

private:
  std::vector<trial_number> waiting_;
};

/// Has nothing to suggest until it has seen a trial end; then one more.
class hesitant_searcher final : public searcher {
public:
  suggestion suggest(trial_number n) override {
    if (n >= 4) return exhausted{};
    if (n > ended_) return not_now{};
    return config{{"x", n}};
  }
  void observe(trial_number, int, const outcome&) override {}
  void complete(trial_number, const std::optional<outcome>&) override { ++ended_; }

private:
  trial_number ended_ = 0;
};

/// Suggests, one trial after the other, how many were stopped before.
class counting_searcher final : public searcher {
public:
  suggestion suggest(trial_number n) override {
    if (n > completed_ + stopped_) return not_now{};
    return config{{"x", n}, {"stopped", stopped_}};
  }
  void observe(trial_number, int, const outcome&) override {}
  void complete(trial_number, const std::optional<outcome>&) override { ++completed_; }
  void stopped(trial_number, const std::optional<outcome>&) override { ++stopped_; }

private:
  trial_number completed_ = 0, stopped_ = 0;
};

/// Says that events are durable only when so many wait for it.
struct slow_recorder {
  std::uint64_t patience;
  std::atomic<std::uint64_t> most_behind = 0;

  recorder_actor spawn(caf::actor_system& system) {
    return system.spawn([this](recorder_actor::pointer self) -> recorder_actor::behavior_type {
      auto client = std::make_shared<record_client_actor>();
      auto durable = std::make_shared<std::uint64_t>(0);
      return {
          [client](const record_client_actor& c) { *client = c; },
          [this, self, client, durable](const record_event& r) {
            const auto behind = r.event->seq - *durable;
            most_behind = std::max(most_behind.load(), behind);
            if (behind < patience) return;
            *durable = r.event->seq;
            tell(self, *client, events_written{*durable});
          },
          [](const drop_checkpoints&) {},
          [](const trial_log&) {},
          [](const finish_recording&) {},
      };
    });
  }
};

} // namespace

TEST_CASE("paused trials give their lease back and go on from their checkpoint") {
  actor_bench bench;
  auto s = study_of(3);
  event_log log;
  auto setup = setup_of(bench.system, s, [](trial& t) { reports(t, 10); });
  setup.scheduler = spawn_scheduler(bench.system, std::make_unique<pausing_scheduler>());
  setup.course = std::make_unique<study_course>(s, 3);
  setup.subscribers = {log.spawn(bench.system)};
  const auto results = finish(bench.system, spawn_controller(bench.system, std::move(setup)));
  REQUIRE(results.trials.size() == 3);
  for (const auto& t : results.trials) {
    CHECK(t.state == trial_state::stopped);
    CHECK(t.reason == "three are enough");
    CHECK(t.iterations == 3);
  }
  CHECK(log.all<event_kind::trial_paused>().size() == 6);
  CHECK(log.all<event_kind::trial_started>().size() == 9);
}

TEST_CASE("a searcher that has nothing now is asked again when a trial has ended") {
  actor_bench bench;
  auto setup = setup_of(
      bench.system, study_of(100), [](trial& t) { reports(t, 1); }, 4);
  setup.searcher = spawn_searcher(bench.system, std::make_unique<hesitant_searcher>());
  const auto results = finish(bench.system, spawn_controller(bench.system, std::move(setup)));
  REQUIRE(results.trials.size() == 4);
  CHECK(results.trials[3].config.at("x").to_number<int>() == 3);
}

TEST_CASE("a searcher is told which trials the scheduler has stopped") {
  actor_bench bench;
  auto s = study_of(4);
  s.scheduler = {"asha", {{"max_t", 2}}};
  auto setup = setup_of(
      bench.system, s, [](trial& t) { reports(t, param<int>(t.config(), "x") % 2 == 0 ? 1 : 10); });
  setup.searcher = spawn_searcher(bench.system, std::make_unique<counting_searcher>());
  const auto results = finish(bench.system, spawn_controller(bench.system, std::move(setup)));
  REQUIRE(results.trials.size() == 4);
  const int expected[] = {0, 0, 1, 1};
  for (std::size_t n = 0; n < 4; ++n)
    CHECK(param<int>(results.trials[n].config, "stopped") == expected[n]);
}

TEST_CASE("a suggestion is journalled with the last event that the searcher had seen") {
  actor_bench bench;
  event_log log;
  auto setup = setup_of(bench.system, study_of(3), [](trial& t) { reports(t, 1); });
  setup.searcher = spawn_searcher(bench.system, std::make_unique<hesitant_searcher>());
  setup.subscribers = {log.spawn(bench.system)};
  finish(bench.system, spawn_controller(bench.system, std::move(setup)));
  const auto added = log.all<event_kind::trial_added>();
  REQUIRE(added.size() == 3);
  CHECK(added[0].seen == 0);
  CHECK(added[1].seen > 0);
  CHECK(added[2].seen > added[1].seen);
}

TEST_CASE("trials wait for a recorder that is far behind, and go on when it has caught up") {
  actor_bench bench;
  slow_recorder recorder{10'001};
  auto setup = setup_of(bench.system, study_of(1), [](trial& t) {
    for (int i = 0; i < 25'000; ++i)
      if (!t.report({{"loss", 1.0}})) return;
  });
  setup.recorder = recorder.spawn(bench.system);
  const auto results = finish(bench.system, spawn_controller(bench.system, std::move(setup)));
  CHECK(results.trials[0].iterations == 25'000);
  CHECK(recorder.most_behind >= 10'001);
  CHECK(recorder.most_behind <= 10'003);
}

TEST_CASE("a study ends when its results cannot be written, and says so") {
  actor_bench bench;
  auto setup = setup_of(bench.system, study_of(3), [](trial& t) {
    if (!t.report({{"loss", 1}})) return;
    while (!t.stopping())
      std::this_thread::yield();
  });
  setup.recorder =
      bench.system.spawn([](recorder_actor::pointer self) -> recorder_actor::behavior_type {
        auto client = std::make_shared<record_client_actor>();
        return {
            [client](const record_client_actor& c) { *client = c; },
            [self, client](const record_event& r) {
              if (r.event->seq == 4) tell(self, *client, recording_failed{"the disk is full"});
            },
            [](const drop_checkpoints&) {},
            [](const trial_log&) {},
            [](const finish_recording&) -> caf::result<void> {
              return caf::make_error(caf::sec::runtime_error);
            },
        };
      });
  const auto results = finish(bench.system, spawn_controller(bench.system, std::move(setup)));
  CHECK(results.not_recorded == "the disk is full");
  CHECK(results.trials[0].state == trial_state::interrupted);
}

TEST_CASE("a trial that does not stop when told is named and left behind") {
  struct gates {
    std::promise<void> running, release;
    std::shared_future<void> released{release.get_future()};
  };
  const auto shared = std::make_shared<gates>(); // whoever is left behind still uses it
  {
    actor_bench bench;
    auto setup = setup_of(bench.system, study_of(1), [shared](trial&) {
      shared->running.set_value();
      shared->released.wait();
    });
    setup.stop_deadline = 10ms;
    const auto controller = spawn_controller(bench.system, std::move(setup));
    anon_tell(controller, start_study{});
    shared->running.get_future().wait();
    anon_tell(controller, interrupt_study{"by hand"});
    const auto results = finish(bench.system, controller);
    CHECK(results.stuck == std::vector<trial_number>{0});
    CHECK(results.trials[0].state == trial_state::interrupted);
    CHECK(results.trials[0].reason ==
          "by hand; then: its function did not return when told to stop");
  } // the actor system has ended, though the function still runs
  shared->release.set_value();
}

TEST_CASE("a study whose trials are all out of time and do not return ends, and names them") {
  const auto release = std::make_shared<std::promise<void>>(); // whoever is left behind uses it
  const auto released = release->get_future().share();
  {
    actor_bench bench;
    auto s = study_of(3);
    s.time_limit_s = 0.01;
    auto setup = setup_of(bench.system, s, [released](trial&) { released.wait(); });
    setup.stop_deadline = 10ms;
    const auto results = finish(bench.system, spawn_controller(bench.system, std::move(setup)));
    CHECK(results.stuck == std::vector<trial_number>{0});
    CHECK(results.trials[0].state == trial_state::failed);
    CHECK(results.trials[0].reason.starts_with("time_limit_s: it has run for 0.01 s"));
    CHECK(results.interrupted == "trial 00000 is out of time, and not returning");
  }
  release->set_value();
}

TEST_CASE("a trial whose actor dies has failed") {
  actor_bench bench;
  auto setup = setup_of(bench.system, study_of(2), [](trial& t) {
    while (t.id() == "00000" && !t.stopping())
      std::this_thread::yield();
    reports(t, 1);
  });
  setup.trials = [working = setup.trials](caf::actor_system& system, trial_order order,
                                          trial_parent_actor parent) {
    const bool doomed = order.number == 0;
    auto made = working(system, std::move(order), std::move(parent));
    if (doomed) caf::anon_send_exit(made, caf::exit_reason::kill);
    return made;
  };
  const auto results = finish(bench.system, spawn_controller(bench.system, std::move(setup)));
  REQUIRE(results.trials.size() == 2);
  CHECK(results.trials[0].state == trial_state::failed);
  CHECK(results.trials[0].reason.starts_with("the trial's actor died"));
  CHECK(results.trials[1].state == trial_state::completed);
}

TEST_CASE("a study that asks nobody for results first still hands them out") {
  actor_bench bench;
  auto setup = setup_of(bench.system, study_of(1), [](trial& t) { reports(t, 1); });
  event_log log;
  setup.subscribers = {log.spawn(bench.system)};
  const auto controller = spawn_controller(bench.system, std::move(setup));
  anon_tell(controller, start_study{});
  CHECK(log.all<event_kind::study_ended>().size() == 1);
  CHECK(finish(bench.system, controller).trials[0].iterations == 1);
}
