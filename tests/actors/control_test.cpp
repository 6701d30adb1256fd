#include "actors/actor_kit.hpp"
#include "data/temp_dir.hpp"

#include <troupe/open_results.hpp>

#include <atomic>
#include <string>
#include <thread>
#include <type_traits>

using namespace troupe;
using namespace troupe::testing;

namespace {

/// A study that an embedding program speaks to: each trial counts to 50, from its checkpoint on.
class controlled_study {
public:
  explicit controlled_study(study s, std::filesystem::path folder = {}, bool checkpoints = true) {
    study_setup setup;
    setup.study = std::move(s);
    setup.trainable.name = "test";
    setup.trainable.train = [this, checkpoints](trial& t) {
      for (int i = t.last_checkpoint() ? number_of(t.last_checkpoint()) : 0; i < 50;) {
        while (waits_ && !t.stopping())
          std::this_thread::yield();
        ++i;
        if (!t.report({{"loss", 1.0 / i}}, checkpoints ? number_checkpoint(i) : checkpoint{}))
          return;
      }
    };
    setup.folder = std::move(folder);
    setup.broker = spawn_broker(bench_.system, {2, 0, {}});
    setup.subscribers = {log.spawn(bench_.system)};
    study_ = spawn_study(bench_.system, std::move(setup));
  }

  /// Sends a message; returns why it was refused, or "".
  template <class Message>
  std::string wish(Message m) {
    caf::scoped_actor self{bench_.system};
    std::string why;
    const auto refused = [&](const caf::error& e) { why = explanation(e); };
    auto asked = ask(self, study_, caf::infinite, std::move(m));
    if constexpr (std::is_same_v<Message, add_trial>)
      asked.receive([](trial_number) {}, refused);
    else if constexpr (std::is_same_v<Message, pause_study>)
      asked.receive([](const leaving_trials&) {}, refused);
    else
      asked.receive([] {}, refused);
    return why;
  }

  leaving_trials pause() {
    caf::scoped_actor self{bench_.system};
    leaving_trials all;
    ask(self, study_, caf::infinite, pause_study{"a test"})
        .receive([&](const leaving_trials& l) { all = l; },
                 [](const caf::error& e) { FAIL(explanation(e)); });
    return all;
  }

  study_results results() {
    caf::scoped_actor self{bench_.system};
    study_results all;
    ask(self, study_, caf::infinite, await_results{})
        .receive([&](study_results& r) { all = std::move(r); },
                 [](const caf::error& e) { FAIL(explanation(e)); });
    return all;
  }

  template <class Kind>
  void wait_for(std::ptrdiff_t times) const {
    while (log.so_far<Kind>() < times)
      std::this_thread::yield();
  }

  /// From here on reports wait, or do so no more.
  void wait(bool whether) { waits_ = whether; }

private:
  std::atomic<bool> waits_ = true;
  actor_bench bench_;
  study_actor study_;

public:
  event_log log;
};

} // namespace

TEST_CASE("a paused study gives its slots back, and goes on from the same checkpoints") {
  for (const bool recorded : {false, true}) {
    CAPTURE(recorded);
    temp_dir folder;
    controlled_study one{study_of(3), recorded ? folder / "out" : std::filesystem::path{}};
    CHECK(one.wish(pause_study{}) == "the study has not begun");
    CHECK(one.wish(continue_study{}) == "the study has not begun");
    one.wish(start_study{});
    one.wait_for<event_kind::trial_started>(2);
    const auto leaving = one.pause();
    CHECK(leaving.running == 2);
    CHECK(leaving.without_checkpoint == 2);
    one.wait(false);
    one.wait_for<event_kind::trial_held>(2);
    if (recorded) CHECK(open_results(folder / "out").paused());
    CHECK(one.pause().running == 0);
    one.wait(true);
    CHECK(one.wish(continue_study{}).empty());
    CHECK(one.wish(continue_study{}).empty());
    one.wait(false);
    const auto results = one.results();
    CHECK(count(results, trial_state::completed) == 3);
    for (const auto& t : results.trials)
      CHECK(t.iterations == 50);
    CHECK(one.log.all<event_kind::study_paused>().size() == 1);
    CHECK(one.log.all<event_kind::study_continued>().size() == 1);
    CHECK(one.log.all<event_kind::trial_reported>().size() == 150); // none twice
    CHECK(one.wish(pause_study{}) == "the study has ended");
  }
}

TEST_CASE("a paused study that is interrupted ends, and says so of those that wait") {
  controlled_study one{study_of(3)};
  one.wish(start_study{});
  one.wait_for<event_kind::trial_started>(2);
  one.pause();
  one.wait(false);
  one.wait_for<event_kind::trial_held>(2);
  one.wish(interrupt_study{"enough"});
  const auto results = one.results();
  CHECK(results.interrupted == "enough");
  CHECK(count(results, trial_state::interrupted) == 2);
}

TEST_CASE("what makes no checkpoints runs to its end, and nothing starts after it") {
  controlled_study one{study_of(3), {}, false};
  one.wish(start_study{});
  one.wait_for<event_kind::trial_started>(2);
  one.pause();
  one.wait(false);
  one.wait_for<event_kind::trial_ended>(2);
  CHECK(one.log.so_far<event_kind::trial_started>() == 2);
  one.wish(continue_study{});
  CHECK(count(one.results(), trial_state::completed) == 3);
  CHECK(one.log.all<event_kind::trial_held>().empty());
}

TEST_CASE("limits change while a study runs, and configurations come within them") {
  temp_dir folder;
  controlled_study one{study_of(2), folder / "out"};
  one.wish(start_study{});
  one.wait_for<event_kind::trial_started>(2);
  CHECK(one.wish(change_limits{0, {}, "a test"}) == "num_samples must be at least 1");
  CHECK(one.wish(change_limits{std::uint64_t{1} << 60, {}, "a test"}).find("trials") !=
        std::string::npos);
  CHECK(one.wish(change_limits{3, 1, "a test"}).empty());
  CHECK(one.wish(add_trial{{{"x", 0.5}}, "a test", true}).empty());
  CHECK(one.wish(add_trial{{{"y", 0.5}}, "a test", true}).find("y") != std::string::npos);
  CHECK(one.wish(change_limits{{}, 0, "a test"}).empty());
  one.wait(false);
  const auto results = one.results();
  CHECK(results.trials.size() == 4); // the searcher had a third already
  CHECK(results.trials.at(3).config.at("x") == 0.5);
  const auto study = open_results(folder / "out").study();
  CHECK(study.num_samples == 3);
  CHECK_FALSE(study.max_concurrent);
}

TEST_CASE("a trial that has failed is tried again when somebody asks for it") {
  event_log log;
  actor_bench bench;
  temp_dir folder;
  std::atomic<bool> mended = false, may_end = false;
  study_setup setup;
  setup.study = study_of(2);
  setup.trainable.name = "test";
  setup.trainable.train = [&](trial& t) {
    if (t.id() == "00000" && !mended) throw std::runtime_error{"broken"};
    while (t.id() == "00001" && !may_end && !t.stopping())
      std::this_thread::yield();
    std::ignore = t.report({{"loss", 0.5}});
  };
  setup.folder = folder / "out";
  setup.broker = spawn_broker(bench.system, {2, 0, {}});
  setup.subscribers = {log.spawn(bench.system)};
  const auto study = spawn_study(bench.system, std::move(setup));
  anon_tell(study, start_study{});
  while (log.so_far<event_kind::trial_ended>() < 1)
    std::this_thread::yield();
  caf::scoped_actor self{bench.system};
  const auto retry = [&](trial_number n) {
    std::string why;
    ask(self, study, caf::infinite, retry_trial{n})
        .receive([] {}, [&](const caf::error& e) { why = explanation(e); });
    return why;
  };
  CHECK(retry(1) == "trial 00001 has not failed: it is running");
  CHECK(retry(0).empty());
  while (log.so_far<event_kind::trial_ended>() < 2)
    std::this_thread::yield();
  mended = true;
  CHECK(retry(0).empty()); // its files have been closed
  while (log.so_far<event_kind::trial_ended>() < 3)
    std::this_thread::yield();
  may_end = true;
  ask(self, study, caf::infinite, await_results{})
      .receive([](const study_results& r) { CHECK(count(r, trial_state::completed) == 2); },
               [](const caf::error& e) { FAIL(explanation(e)); });
  CHECK(log.all<event_kind::trial_retried>().size() == 2);
}
