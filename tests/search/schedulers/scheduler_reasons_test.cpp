// Optuna's view, and people, tell by the beginning of a reason which rule has ended a trial.

#include "search/course_kit.hpp"
#include "store/optuna_ending.hpp"

#include <set>
#include <string_view>

using namespace troupe;

namespace {

/// The schedulers that have rules to stop or pause trials by, each so that it comes to that.
std::vector<std::string> judging_schedulers() {
  std::vector<std::string> all;
  for (const auto& known : known_schedulers())
    if (known.judges && known.about.name != "pbt_replay")
      all.push_back(scheduler_with_options(known.about.name));
  all.emplace_back(R"({"name": "pbt_replay", "policy": [[2, {"x": 0.5}]]})");
  all.emplace_back(R"({"name": "asha", "max_t": 9, "variant": "promotion"})");
  all.emplace_back(R"({"name": "pbt", "time_attr": "training_iteration", "synch": true,
                       "perturbation_interval": 3, "hyperparam_mutations": {"x": [0.25, 0.5]}})");
  all.emplace_back(
      R"({"name": "patient", "patience": 1, "wrapped_pruner": {"name": "optuna_median"}})");
  all.emplace_back(R"({"name": "resource_changing", "base": {"name": "asha", "max_t": 9}})");
  return all;
}

/// Returns whether a reason begins with the name of a scheduler that `scheduler`, as JSON, names.
bool names_its_rule(std::string_view reason, const std::string& scheduler) {
  const auto rule = reason.substr(0, reason.find(": "));
  return rule.size() < reason.size() && find_scheduler(std::string{rule}) &&
         scheduler.find("\"name\": \"" + std::string{rule} + '"') != scheduler.npos;
}

/// What the study's own rules say, whatever its scheduler.
bool is_of_the_study(std::string_view reason) {
  return reason.find("the training has diverged") != reason.npos ||
         reason.starts_with("out of luck");
}

std::set<trial_number> trials_tried_again(const observed_course& live) {
  std::set<trial_number> all;
  for (const auto& e : live.journal)
    if (std::holds_alternative<event_kind::trial_failed>(e->body)) all.insert(*e->trial);
  return all;
}

/// Lets studies of 40 trials run; calls `look` with the journals.
template <class Look>
void run_studies(const std::string& scheduler, Look look) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    observed_course live{parsed(R"({"name": "random"})", scheduler)};
    live.course.begin(0);
    world outside{seed};
    outside.always_checkpoints = true;
    for (int i = 0; i < 20'000 && !live.course.machine().finished(); ++i)
      outside.step(live.course);
    look(live);
  }
}

} // namespace

TEST_CASE("every reason of a scheduler begins with the name of its rule") {
  for (const auto& scheduler : judging_schedulers()) {
    CAPTURE(scheduler);
    int reasons = 0;
    const auto check = [&](const std::string& reason) {
      if (is_of_the_study(reason)) return;
      ++reasons;
      CAPTURE(reason);
      CHECK(names_its_rule(reason, scheduler));
    };
    run_studies(scheduler, [&](const observed_course& live) {
      for (const auto& e : live.journal) {
        if (const auto* d = std::get_if<event_kind::trial_decided>(&e->body)) check(d->reason);
        if (const auto* p = std::get_if<event_kind::trial_paused>(&e->body)) check(p->reason);
        const auto* ended = std::get_if<event_kind::trial_ended>(&e->body);
        if (ended && ended->state == trial_state::stopped) check(ended->reason);
      }
    });
    CHECK(reasons > 0);
  }
}

TEST_CASE(
    "a trial that its scheduler has given all of max_t is complete for Optuna, others pruned") {
  for (const auto& scheduler : judging_schedulers()) {
    if (scheduler.find("max_t") == scheduler.npos) continue;
    CAPTURE(scheduler);
    std::set<std::string_view> states;
    const auto s = parsed(R"({"name": "random"})", scheduler);
    run_studies(scheduler, [&](const observed_course& live) {
      const auto retried = trials_tried_again(live);
      for (const auto& t : live.course.machine().results().trials) {
        if (t.state != trial_state::stopped || is_of_the_study(t.reason)) continue;
        if (retried.contains(t.number)) continue; // it may run beyond what others in its place do
        const auto ending = optuna_ending_of(s, {t.state, t.reason, t.reason_kind, t.last}, "");
        CAPTURE(t.reason);
        CHECK(ending.value().state == (t.iterations >= 9 ? "COMPLETE" : "PRUNED"));
        states.insert(ending->state);
      }
    });
    CHECK(states == std::set<std::string_view>{"COMPLETE", "PRUNED"});
  }
}
