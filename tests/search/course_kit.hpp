#pragma once

#include "base/json.hpp"
#include "search/life/direct_course.hpp"
#include "search/schedulers/registry.hpp"
#include "search/searchers/registry.hpp"
#include "store/event_json.hpp"

#include <troupe/random.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

/// Whole studies without actors, to which things happen at random.
namespace troupe {

inline study parsed(const std::string& searcher, const std::string& scheduler) {
  return parse_study(
      R"({"metric": "loss", "num_samples": 40, "max_failures": 1, "cpus": 8, "gpus": 0,
    "space": {"x": {"uniform": [0, 1]}, "k": {"int": {"low": 1, "high": 9}},
              "c": {"choice": ["a", "b"]}, "m": {"uniform": [0, 1], "when": {"c": "b"}}},
    "searcher": )" +
          searcher + R"(, "scheduler": )" + scheduler + "}",
      "s.json");
}

/// A course, and the journal that it writes.
struct observed_course {
  explicit observed_course(const study& s)
      : decides{make_correctable_scheduler(s)},
        suggests{make_searcher(s)},
        course{s, *decides, *suggests, [this](const event_ptr& e) { journal.push_back(e); }} {}

  std::vector<event_ptr> journal;
  std::unique_ptr<correctable_scheduler> decides;
  std::unique_ptr<searcher> suggests;
  direct_course course;
};

/// What happens to a study from outside: trials that report, end, and fail at random. Two with the
/// same past do the same to courses that decide the same.
struct world {
  explicit world(std::uint64_t seed) : random{seed, 0, "arrivals"} {}

  struct running_trial {
    trial_number number;
    int attempt;
    int epochs_left;
  };

  void step(direct_course& course) {
    ++now;
    if (adds_trials && random.below(10) == 0)
      course.add({{"x", random.uniform()}, {"c", "b"}}, "somebody", now);
    if (running.size() < 4 && random.below(2) == 0) return place(course);
    if (running.empty()) return place(course);
    const auto at = running.begin() + static_cast<std::ptrdiff_t>(random.below(running.size()));
    if (random.below(25) == 0 || at->epochs_left-- == 0) return leave(course, at);
    const double loss = random.below(40) == 0 ? std::nan("") : random.uniform();
    const bool with_checkpoint = random.below(10) != 0 || always_checkpoints;
    const auto answer =
        course.report(at->number, at->attempt, {{"loss", loss}}, with_checkpoint, 0.5, now);
    if (answer.verdict == verdict::proceed) return;
    course.exited(at->number, at->attempt, std::nullopt, now);
    running.erase(at);
  }

  void place(direct_course& course) {
    const auto started = course.place({++leases, 1, 0, 0, {}}, now);
    if (started)
      running.push_back(
          {started->number, started->order.attempt, 3 + static_cast<int>(random.below(20))});
  }

  void leave(direct_course& course, std::vector<running_trial>::iterator at) {
    const auto error =
        random.below(3) == 0 ? std::optional<std::string>{"out of luck"} : std::nullopt;
    course.exited(at->number, at->attempt, error, now);
    running.erase(at);
  }

  random_stream random;
  bool adds_trials = false;        ///< Beside those that the searcher suggests.
  bool always_checkpoints = false; ///< Else some reports come without, and cannot be paused at.
  std::vector<running_trial> running;
  std::uint64_t leases = 0;
  std::int64_t now = 0;
};

/// What trial `n` has to report at `iteration`, whoever trains it and when.
inline double drawn_loss(trial_number n, int iteration) {
  return random_stream{n, static_cast<std::uint64_t>(iteration), "loss"}.uniform();
}

inline std::string text_of(const std::vector<event_ptr>& journal, std::size_t from) {
  std::string text;
  for (std::size_t i = from; i < journal.size(); ++i)
    text += to_text(to_json(*journal[i])) + '\n';
  return text;
}

/// Takes a course over from its journal after `steps` steps, and lets both go on.
inline void check_taken_over(const study& s, std::uint64_t seed, int steps, bool adds = false) {
  observed_course live{s};
  live.course.begin(0);
  world outside{seed};
  outside.adds_trials = adds;
  for (int i = 0; i < steps && !live.course.machine().finished(); ++i)
    outside.step(live.course);

  observed_course restored{s};
  for (const auto& e : live.journal)
    restored.course.restore(*e);
  const auto known = live.journal.size();
  auto same_outside = outside;
  for (int i = 0; i < 150 && !live.course.machine().finished(); ++i) {
    outside.step(live.course);
    same_outside.step(restored.course);
  }
  CHECK(text_of(restored.journal, 0) == text_of(live.journal, known));
}

/// Returns a scheduler of a study file, with options that give it something to do within 9
/// iterations.
inline std::string scheduler_with_options(std::string_view name) {
  const std::string open = R"({"name": ")" + std::string{name} + '"';
  if (name == "median") return open + R"(, "time_attr": "training_iteration", "grace_period": 2})";
  if (name == "asha" || name == "bohb" || name == "hyperband" || name == "moasha")
    return open + R"(, "max_t": 9})";
  if (name == "optuna_percentile") return open + R"(, "percentile": 50})";
  if (name == "patient") return open + R"(, "patience": 1})";
  if (name == "threshold") return open + R"(, "upper": 0.9})";
  if (name == "pb2")
    return open + R"(, "time_attr": "training_iteration", "perturbation_interval": 6,
                      "hyperparam_bounds": {"x": [0, 1]}})";
  if (name == "pbt")
    return open + R"(, "time_attr": "training_iteration", "perturbation_interval": 2,
                      "hyperparam_mutations": {"x": {"uniform": [0, 1]}}})";
  return open + "}";
}

} // namespace troupe
