#include "actors/actor_kit.hpp"
#include "actors/runtime.hpp"
#include "data/temp_dir.hpp"
#include "store/journal.hpp"
#include "store/study_layout.hpp"
#include "store/verification.hpp"

#include <troupe/event_driven.hpp>

#include <caf/typed_event_based_actor.hpp>

#include <stdexcept>

using namespace troupe;
using namespace troupe::testing;

namespace {

/// A trial without a thread: reports as often as its parameter "reports" says, or until it is told
/// to end.
class counting_trial {
public:
  static inline const char* name = "counting trial";

  counting_trial(trial_actor::pointer self, trial_order order, trial_parent_actor parent)
      : self_{self},
        order_{std::move(order)},
        parent_{std::move(parent)},
        left_{param<int>(order_.config, "reports")} {}

  trial_actor::behavior_type make_behavior() {
    report();
    return {[this](const end_trial&) { leave(); }};
  }

private:
  void report() {
    if (left_-- == 0) return leave();
    ask(self_, parent_, caf::infinite,
        trial_report{
            order_.number, order_.attempt, {{"loss", left_ * 1.0}}, number_checkpoint(left_)})
        .then(
            [this](const report_answer& a) {
              if (a.verdict == verdict::proceed)
                report();
              else
                leave();
            },
            [this](const caf::error&) { self_->quit(); });
  }

  void leave() {
    if (std::exchange(left_already_, true)) return;
    tell(self_, parent_, trial_log{order_.number, "bye"});
    tell(self_, parent_, trial_exit{order_.number, order_.attempt});
    self_->quit();
  }

  trial_actor::pointer self_;
  trial_order order_;
  trial_parent_actor parent_;
  int left_;
  bool left_already_ = false;
};

trial_actor spawn_counting(caf::actor_system& system, trial_order order,
                           trial_parent_actor parent) {
  return system.spawn<trial_actor::stateful_impl<counting_trial>>(std::move(order),
                                                                  std::move(parent));
}

study_results results_of(actor_bench& bench, study_setup setup) {
  const auto study = spawn_study(bench.system, std::move(setup));
  caf::scoped_actor self{bench.system};
  study_results results;
  anon_tell(study, start_study{});
  ask(self, study, caf::infinite, await_results{})
      .receive([&](study_results& r) { results = std::move(r); },
               [](const caf::error& e) { FAIL(to_string(e)); });
  return results;
}

} // namespace

TEST_CASE("trials without threads report, are judged, and are written down like others") {
  actor_bench bench;
  temp_dir folder;
  study s;
  s.metric = "loss";
  s.num_samples = 500;
  s.space.add("reports", randint{1, 9});
  s.scheduler = {"asha", {{"max_t", 5}}};
  const auto results = results_of(bench, {.study = s,
                                          .trainable = {},
                                          .broker = spawn_broker(bench.system, {256, 0, {}}),
                                          .folder = folder / "out",
                                          .trials = spawn_counting});
  REQUIRE(results.trials.size() == 500);
  for (const auto& t : results.trials) {
    CHECK((t.state == trial_state::completed || t.state == trial_state::stopped));
    if (t.state == trial_state::completed) CHECK(t.iterations == param<int>(t.config, "reports"));
  }
  CHECK(results.not_recorded.empty());
  journal_reader reader{study_layout{folder / "out"}.journal()};
  std::size_t reports = 0, iterations = 0;
  while (const auto e = reader.next())
    reports += std::holds_alternative<event_kind::trial_reported>(e->body) ? 1 : 0;
  for (const auto& t : results.trials)
    iterations += static_cast<std::size_t>(t.iterations);
  CHECK(reports == iterations);
  // However many wait for its answers, the scheduler hears everything in the order of the journal.
  const auto found = verify(study_layout{folder / "out"});
  CHECK(found.decisions > 500);
  CHECK(found.differences == 0);
}

TEST_CASE("what makes trials may throw: the trial has failed, the study goes on") {
  actor_bench bench;
  auto s = study_of(3);
  s.space.add("reports", constant{1});
  const auto results = results_of(
      bench,
      {.study = s,
       .trainable = {},
       .broker = spawn_broker(bench.system, {1, 0, {}}),
       .trials = [](caf::actor_system& system, trial_order order, trial_parent_actor parent) {
         if (order.number == 1) throw std::runtime_error{"no such machine"};
         return spawn_counting(system, std::move(order), std::move(parent));
       }});
  REQUIRE(results.trials.size() == 3);
  CHECK(results.trials[0].state == trial_state::completed);
  CHECK(results.trials[1].state == trial_state::failed);
  CHECK(results.trials[1].reason == "no such machine");
  CHECK(results.trials[2].state == trial_state::completed);
}
