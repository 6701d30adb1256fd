#include "search/course_kit.hpp"
#include "search/machine_kit.hpp"

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

using namespace troupe;

namespace {

constexpr trial_number known_trials = 5;

/// Begins a journal with trials whose results are known.
std::vector<event_ptr> known_journal(const study& s, trial_number trials = known_trials) {
  std::vector<event_ptr> all;
  const auto tell = [&](std::optional<trial_number> n, event_body body) {
    all.push_back(std::make_shared<const event>(event{all.size() + 1, 0, n, std::move(body)}));
  };
  tell({}, event_kind::study_started{s.name, number_of_trials(s), true});
  for (trial_number n = 0; n < trials; ++n) {
    tell(n, event_kind::trial_added{sample(s.space, 99, n), all.size(), "fork of former", true});
    tell(n, event_kind::trial_started{});
    for (int i = 1; i <= 4; ++i)
      tell(n, event_kind::trial_reported{i, {{"loss", 0.1 * n + 0.01 * i}}, {}, 0.5, 0.5 * i});
    tell(n, event_kind::trial_ended{n % 2 ? trial_state::stopped : trial_state::completed, {}});
  }
  return all;
}

/// All but the one that is for a single trial.
std::vector<std::string> all_schedulers() {
  std::vector<std::string> all;
  for (const auto* p : scheduler_plugins())
    if (p->name != "pbt_replay") all.emplace_back(p->name);
  return all;
}

void restore(observed_course& c, const std::vector<event_ptr>& journal) {
  for (const auto& e : journal)
    c.course.restore(*e);
}

} // namespace

TEST_CASE("a study that begins with known results goes on the same after it was taken over") {
  for (const auto& name : all_schedulers()) {
    CAPTURE(name);
    const bool changes_configs = name == "pbt" || name == "pb2";
    const auto s = parsed(changes_configs ? R"({"name": "random"})"
                                          : R"({"name": "tpe", "n_startup_trials": 3})",
                          scheduler_with_options(name));
    const auto known = known_journal(s);
    observed_course live{s};
    restore(live, known);
    world outside{7};
    for (int i = 0; i < 60; ++i)
      outside.step(live.course);
    observed_course restored{s};
    restore(restored, known);
    restore(restored, live.journal);
    const auto before = live.journal.size();
    auto same_outside = outside;
    for (int i = 0; i < 100 && !live.course.machine().finished(); ++i) {
      outside.step(live.course);
      same_outside.step(restored.course);
    }
    CHECK(before > 0);
    CHECK(text_of(restored.journal, 0) == text_of(live.journal, before));
  }
}

TEST_CASE("a scheduler decides as if there were no known results") {
  for (const auto& name : all_schedulers()) {
    CAPTURE(name);
    if (name == "optuna_hyperband") continue; // which draws a bracket by the trial's number
    const auto s = parsed(R"({"name": "random"})", scheduler_with_options(name));
    observed_course with{s}, without{s};
    restore(with, known_journal(s));
    restore(without, known_journal(s, 0));
    world outside{3}, same_outside{3};
    for (int i = 0; i < 150; ++i) {
      outside.step(with.course);
      same_outside.step(without.course);
    }
    std::vector<std::pair<trial_number, std::string>> a, b;
    for (const auto& e : with.journal)
      if (e->trial) a.emplace_back(*e->trial - known_trials, std::string{kind(e->body)});
    for (const auto& e : without.journal)
      if (e->trial) b.emplace_back(*e->trial, std::string{kind(e->body)});
    CHECK(a == b);
  }
}

TEST_CASE("neither a rule nor a stopper judges known results, which come on top of the others") {
  auto s = small_study();
  s.num_samples = 3;
  s.stop = {{"loss", stop_rule::side::at_most, 100}};
  study_machine machine{s, [](const event_ptr&) {}};
  for (const auto& e : known_journal(s))
    machine.apply(*e);
  CHECK(machine.is_known(0));
  CHECK_FALSE(machine.scheduler_judges(0));
  CHECK(machine.over().empty());
  CHECK_FALSE(machine.finished());
  for (int n = 0; n < 3; ++n) {
    REQUIRE(machine.wants_trial(1));
    machine.add({{"x", 0.5}}, 0, 1);
    const auto number = machine.next_number() - 1;
    CHECK_FALSE(machine.is_known(number));
    machine.stop(number, "enough", 1);
  }
  CHECK_FALSE(machine.wants_trial(1));
  CHECK(machine.results().best == 0u);
}
