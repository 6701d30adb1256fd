#include "actor_kit.hpp"
#include "data/temp_dir.hpp"
#include "store/journal.hpp"

#include <atomic>
#include <set>
#include <stdexcept>
#include <thread>
#include <utility>

using namespace troupe;
using namespace troupe::testing;

namespace {

constexpr int epochs = 6;

/// A program that keeps studies in a folder. What its trials go on from is what they had saved.
class program {
public:
  study_results run(bool resume, std::uint64_t trials = 4) {
    actor_bench bench;
    return finish(bench.system, spawn(bench.system, resume, trials));
  }

  /// Is interrupted when its third trial makes its fourth report.
  study_results run_until_interrupted() {
    actor_bench bench;
    interrupted_at_ = {2, 4};
    study_ = spawn(bench.system, false, 4);
    const auto results = finish(bench.system, study_);
    study_ = nullptr;
    interrupted_at_ = {};
    return results;
  }

  study_actor spawn(caf::actor_system& system, bool resume, std::uint64_t trials) {
    return spawn_study(system,
                       {.study = study_of(trials),
                        .trainable = {.name = "test", .train = [this](trial& t) { train(t); }},
                        .broker = spawn_broker(system, {1, 0, {}}),
                        .folder = folder_ / "out",
                        .resume = resume,
                        .past = [this](const event&) { ++past_; }});
  }

  std::filesystem::path folder() const { return folder_ / "out"; }
  /// Returns how often trials have trained an epoch.
  int trained() const { return trained_; }
  /// Returns how many events there were when a study went on.
  int past() const { return past_; }

  /// Checks that each report is in the journal once.
  void check_journal() const {
    std::set<std::pair<trial_number, int>> reported;
    journal_reader reader{folder_ / "out/study.db"};
    while (const auto e = reader.next())
      if (const auto* report = std::get_if<event_kind::trial_reported>(&e->body))
        CHECK(reported.emplace(*e->trial, report->iteration).second);
  }

private:
  void train(trial& t) {
    const int from = t.iteration();
    if (from > 0 && number_of(t.last_checkpoint()) != from)
      throw std::logic_error{"that is another checkpoint"};
    for (int i = from + 1; i <= epochs; ++i) {
      ++trained_;
      if (std::pair{t.id(), i} ==
          std::pair{trial_id(interrupted_at_.first), interrupted_at_.second}) {
        anon_tell(study_, interrupt_study{"enough for today"});
        while (!t.stopping())
          std::this_thread::yield();
      }
      if (!t.report({{"loss", 1.0 / i}}, number_checkpoint(i))) return;
    }
  }

  temp_dir folder_;
  study_actor study_;
  std::pair<trial_number, int> interrupted_at_{};
  std::atomic<int> trained_ = 0;
  int past_ = 0;
};

} // namespace

TEST_CASE("an embedding program goes on with a study where it was, from what was saved") {
  program p;
  const auto first = p.run_until_interrupted();
  CHECK(first.interrupted == "enough for today");
  CHECK(first.trials.at(2).state == trial_state::interrupted);
  CHECK(first.trials.at(2).iterations == 4);
  CHECK(p.past() == 0);

  const auto second = p.run(true);
  CHECK(p.past() > 20);
  CHECK(second.interrupted.empty());
  CHECK(second.trials.size() == 4);
  for (const auto& t : second.trials) {
    CHECK(t.state == trial_state::completed);
    CHECK(t.iterations == epochs);
  }
  CHECK(p.trained() == 4 * epochs); // none of them twice
  p.check_journal();
}

TEST_CASE("a study that goes on may get more trials, and begins where there is none") {
  program p;
  CHECK(p.run(true, 2).trials.size() == 2);
  CHECK(p.past() == 0);
  CHECK(p.run(true, 3).trials.size() == 3);
  CHECK(p.trained() == 3 * epochs);
  p.check_journal();
}

TEST_CASE("an interrupt before a study goes on leaves it as it was") {
  program p;
  p.run_until_interrupted();
  {
    actor_bench bench;
    const auto study = p.spawn(bench.system, true, 4);
    anon_tell(study, interrupt_study{"not today"});
    const auto results = finish(bench.system, study);
    CHECK(results.interrupted == "not today");
    CHECK(results.trials.at(2).iterations == 4);
  }
  const auto results = p.run(true);
  for (const auto& t : results.trials)
    CHECK(t.state == trial_state::completed);
  CHECK(p.trained() == 4 * epochs);
  p.check_journal();
}

TEST_CASE("another study than that in the folder does not go on, and leaves nothing behind") {
  program p;
  p.run(false, 2);
  const auto spawn_other = [&] {
    actor_bench bench; // whose end waits for all actors
    auto s = study_of(2);
    s.seed = 7;
    spawn_study(bench.system, {.study = std::move(s),
                               .trainable = {},
                               .broker = spawn_broker(bench.system, {1, 0, {}}),
                               .folder = p.folder(),
                               .resume = true});
  };
  CHECK_THROWS_WITH_AS(spawn_other(), doctest::Contains("seed is 0 there, and 7 here"),
                       std::invalid_argument);
  CHECK(p.run(true, 2).trials.size() == 2);
}
