#pragma once

#include "search/life/study_machine.hpp"

#include <doctest/doctest.h>

namespace troupe {

inline study small_study() {
  study s;
  s.name = "small";
  s.metric = "loss";
  s.num_samples = 3;
  s.space.add("x", uniform{0, 1});
  return s;
}

/// A machine with a clock that ticks once per command, and its journal.
struct bench {
  explicit bench(study s = small_study())
      : machine{s, [this](const event_ptr& e) { journal.push_back(e); }} {
    machine.begin(tick());
  }

  std::int64_t tick() { return now += 1'000'000'000; }

  trial_number add() {
    const auto n = machine.next_number();
    machine.add({{"x", 0.25}}, machine.last_seq(), tick());
    return n;
  }

  trial_number run() {
    const auto n = add();
    REQUIRE(machine.start(n, lease{n + 1u, 1, 0, 0, {}}, tick()));
    return n;
  }

  study_machine::report_outcome report(trial_number n, const metrics& m, bool checkpoint = false) {
    return machine.report(n, machine.attempt_of(n), m, checkpoint, 0.5, tick());
  }

  verdict decide(trial_number n, verdict v, const std::string& why = "rule") {
    return machine.decide(n, machine.attempt_of(n), {v, why, {}}, tick());
  }

  study_machine::exit_kind leave(trial_number n, std::optional<std::string> error = {}) {
    return machine.exited(n, machine.attempt_of(n), error, tick());
  }

  const trial_summary summary(trial_number n) { return machine.results().trials.at(n); }

  std::vector<event_ptr> journal;
  std::int64_t now = 0;
  study_machine machine;
};

} // namespace troupe
