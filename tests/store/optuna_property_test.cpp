#include "base/json.hpp"
#include "optuna_kit.hpp"
#include "sanitized.hpp"
#include "search/life/study_machine.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <random>
#include <set>

using namespace optuna_kit;
using namespace troupe;

namespace {
/// Drives a study_machine by chance, as no controller would dare, and writes down what it says.
class random_life {
public:
  /// `disturb` is called now and then, between two commits.
  random_life(const fs::path& file, const study& s, std::uint64_t seed,
              std::function<void(viewed_study&)> disturb)
      : study_{s},
        viewed_{file, s},
        machine_{s, [this](const event_ptr& e) { viewed_.write(*e); }},
        disturb_{std::move(disturb)},
        random_{seed} {
    machine_.begin(++now_);
    for (int i = 0; i < 250; ++i) {
      now_ += 1'000'000'000;
      step();
      if (below(12) == 0) disturb_(viewed_);
    }
    if (below(2) == 0) wind_up();
    viewed_.commit();
  }

  study_results results() const { return machine_.results(); }
  viewed_study& viewed() { return viewed_; }
  /// What Optuna should call a trial, by who stopped it; empty if that was the study's end.
  const std::string& stopped_as(trial_number n) { return stopped_as_[n]; }
  bool ever_ran(trial_number n) const { return machine_.attempt_of(n) > 0; }

private:
  std::uint64_t below(std::uint64_t n) { return random_() % n; }

  double real() {
    constexpr double extremes[] = {std::numeric_limits<double>::infinity(),
                                   -std::numeric_limits<double>::infinity(), 0.1, 1e-300};
    return below(6) == 0 ? extremes[below(4)] : static_cast<double>(below(1000)) / 7;
  }

  config draw() { return sample(study_.space, 3, random_()); }

  metrics report() {
    metrics m;
    for (const auto& o : study_.objectives())
      m.set(o.metric, below(25) == 0 ? std::nan("") : real());
    for (const auto& c : study_.constraints)
      m.set(c, real() - 70);
    if (below(3) == 0) m.set("other", real());
    if (below(30) == 0) m = {{"other", 1}};
    return m;
  }

  void step() {
    if (machine_.next_number() == 0 || (below(5) == 0 && machine_.wants_trial(10)))
      return machine_.add(draw(), 0, now_);
    const auto n = static_cast<trial_number>(below(machine_.next_number()));
    switch (machine_.state_of(n)) {
    case trial_state::pending:
    case trial_state::paused:
      return wait(n);
    case trial_state::running:
      return run(n);
    default:
      return;
    }
  }

  void wait(trial_number n) {
    switch (below(8)) {
    case 0:
      if (machine_.stop(n, "by hand", now_)) stopped_as_[n] = "PRUNED";
      return;
    case 1:
      machine_.take_over({n, static_cast<trial_number>(below(machine_.next_number())), draw()},
                         now_);
      return;
    default:
      machine_.start(n, {1, 1, 0.5, 0, {static_cast<int>(below(2))}}, now_);
    }
  }

  void run(trial_number n) {
    const int attempt = machine_.attempt_of(n);
    switch (below(9)) {
    case 0:
      machine_.exited(n, attempt, std::nullopt, now_);
      return;
    case 1:
      machine_.exited(n, attempt, "boom\nfar below", now_);
      return;
    case 2:
      if (machine_.stop(n, "by hand", now_)) stopped_as_[n] = "PRUNED";
      return;
    case 3:
      machine_.take_over({n, static_cast<trial_number>(below(machine_.next_number())), draw()},
                         now_);
      return;
    default:
      judge(n, attempt);
    }
  }

  void judge(trial_number n, int attempt) {
    const auto outcome = machine_.report(n, attempt, report(), below(2) == 0, 0.5, now_);
    if (!outcome.recorded) return;
    if (!outcome.ask_scheduler) {
      if (outcome.verdict == verdict::stop && stopped_as_[n].empty()) stopped_as_[n] = "COMPLETE";
      return;
    }
    switch (below(6)) {
    case 0:
      machine_.decide(n, attempt, {verdict::stop, "asha: loss 1 is worse than 0.5"}, now_);
      stopped_as_[n] = "PRUNED";
      return;
    case 1:
      machine_.decide(n, attempt,
                      {.verdict = verdict::stop,
                       .reason = "asha: max_t 9 reached",
                       .reason_kind = reason_kind::max_t},
                      now_);
      stopped_as_[n] = "COMPLETE";
      return;
    case 2:
      machine_.decide(n, attempt, {verdict::pause, "asha: waits"}, now_);
      return;
    default:
      return;
    }
  }

  void wind_up() {
    const auto become = below(2) == 0 ? trial_state::stopped : trial_state::interrupted;
    machine_.wind_up("that is enough", become, now_);
    for (const trial_number n : std::set{machine_.running_trials()})
      machine_.exited(n, machine_.attempt_of(n), std::nullopt, now_);
    machine_.end(now_);
  }

  study study_;
  viewed_study viewed_;
  study_machine machine_;
  std::function<void(viewed_study&)> disturb_;
  std::mt19937_64 random_;
  std::map<trial_number, std::string> stopped_as_;
  std::int64_t now_ = store_kit::noon_ns;
};

study single() {
  return parse_study(R"({"metric": "loss", "num_samples": 40, "max_failures": 2,
    "stop": {"loss": 0.5}, "space": {"x": {"uniform": [0, 1]},
    "o": {"kind": {"choice": ["sgd", ["a"], 3]}, "rate": {"loguniform": [0.01, 1],
          "when": {"o/kind": "sgd"}}}, "twice": {"expr": "x * 2"}, "c": 4}})",
                     "s.json");
}

study several() {
  return parse_study(R"({"metric": ["loss", "size"], "mode": ["max", "min"], "num_samples": 40,
    "constraints": ["c"], "max_failures": 1, "space": {"n": {"randint": [0, 9]}}})",
                     "s.json");
}

/// Whether the trial has come to something: it may have reported something else since.
bool has_values(const study& s, const trial_summary& t) {
  const auto all = s.objectives();
  return std::ranges::all_of(all, [&](const auto& o) {
    const double* v = t.last.find(o.metric);
    return v && !std::isnan(*v);
  });
}

/// The state that Optuna should see, by the words of the documentation.
std::string expected_state(const study& s, random_life& life, const trial_summary& t) {
  switch (t.state) {
  case trial_state::pending:
    return life.ever_ran(t.number) ? "RUNNING" : "WAITING";
  case trial_state::running:
  case trial_state::paused:
  case trial_state::interrupted:
    return "RUNNING";
  case trial_state::completed:
    return "COMPLETE";
  case trial_state::failed:
    return "FAIL";
  case trial_state::stopped:
    break;
  }
  if (t.reason.find(" is nan: ") != std::string::npos) return "FAIL";
  if (!has_values(s, t)) return "PRUNED";
  const auto& known = life.stopped_as(t.number);
  return known.empty() || t.reason.starts_with("that is enough") ? "COMPLETE" : known;
}

std::string number_text(double x) {
  if (std::isinf(x)) return x > 0 ? "|INF_POS" : "|INF_NEG";
  return fmt::format("{:.15g}|FINITE", x);
}

std::string expected_values(const study& s, const trial_summary& t, const std::string& state) {
  if (!has_values(s, t) || (state != "COMPLETE" && state != "PRUNED")) return {};
  if (state == "PRUNED" && !s.further_objectives.empty()) return {};
  std::string text;
  for (const auto& o : s.objectives())
    text += (text.empty() ? "" : "\n") + number_text(*t.last.find(o.metric));
  return text;
}

void check_trial(const study& s, random_life& life, const trial_summary& t) {
  CAPTURE(t.number);
  CAPTURE(t.reason);
  const auto id = life.viewed().seen(
      fmt::format("SELECT trial_id FROM trial_user_attributes WHERE key = 'id' AND value_json = "
                  "'\"{}\"'",
                  trial_id(t.number)));
  const auto seen = [&](std::string_view what, int columns = 1) {
    return life.viewed().seen(fmt::format(fmt::runtime(what), id), columns);
  };
  const auto state = expected_state(s, life, t);
  CHECK(seen("SELECT number, state FROM trials WHERE trial_id = {}", 2) ==
        fmt::format("{}|{}", t.number, state));
  CHECK(seen("SELECT CASE WHEN value IS NULL THEN '' ELSE printf('%.15g', value) END, value_type "
             "FROM trial_values WHERE trial_id = {} ORDER BY objective",
             2) == expected_values(s, t, state));
  CHECK(seen("SELECT value_json FROM trial_user_attributes WHERE trial_id = {} AND key = "
             "'reason'") == (t.reason.empty() ? "" : to_text(boost::json::value(t.reason))));
  for (const auto& e : s.space.entries()) {
    const auto* v = find(t.config, e.path);
    const auto d = optuna_distribution::of(e.domain);
    const auto x = v && d ? d->number_of(*v) : std::nullopt;
    CHECK(seen("SELECT printf('%.15g', param_value) FROM trial_params WHERE trial_id = {} AND "
               "param_name = '" +
               e.path + "'") == (x ? fmt::format("{:.15g}", *x) : ""));
  }
}

} // namespace

TEST_CASE("whatever happens to a study's trials, Optuna's view says what its results say") {
  for (const auto& s : {single(), several()})
    for (std::uint64_t seed = 0; seed < 12; ++seed) {
      CAPTURE(seed);
      temp_dir folder;
      random_life life{folder / "study.db", s, seed, [](viewed_study&) {}};
      const auto all = life.results();
      CHECK(life.viewed().seen("SELECT count(*) FROM trials") == std::to_string(all.trials.size()));
      for (const auto& t : all.trials)
        check_trial(s, life, t);
    }
}

TEST_CASE("a view that is opened again and again says the same as one that never was") {
  for (std::uint64_t seed = 100; seed < (sanitized ? 101 : 104); ++seed) {
    CAPTURE(seed);
    temp_dir folder;
    random_life smooth{folder / "a.db", single(), seed, [](viewed_study&) {}};
    random_life broken{folder / "b.db", single(), seed, [](viewed_study& v) { v.reopen(); }};
    // A process that was killed before it could say how far it had come, or an older one that knew
    // of no view, leaves the last events, or all, to the next.
    random_life late{folder / "c.db", single(), seed, [](viewed_study& v) {
                       v.meddle("UPDATE meta SET value = max(0, value - 7) WHERE key = "
                                "'optuna_seq'");
                       v.reopen_unsettled();
                     }};
    const auto expected = smooth.viewed().everything();
    CHECK(expected.size() > 1000);
    CHECK(broken.viewed().everything() == expected);
    CHECK(late.viewed().everything() == expected);
  }
}

TEST_CASE("a journal that never had a view gets one when it is opened to be written") {
  temp_dir folder;
  const auto file = folder / "study.db";
  random_life life{file, single(), 5, [](viewed_study&) {}};
  const auto expected = life.viewed().everything();
  life.viewed().meddle(
      "DROP TABLE trial_heartbeats; DROP TABLE trial_intermediate_values; DROP TABLE trial_values; "
      "DROP TABLE trial_params; DROP TABLE trial_system_attributes; DROP TABLE "
      "trial_user_attributes; DROP TABLE trials; DROP TABLE study_system_attributes; DROP TABLE "
      "study_user_attributes; DROP TABLE study_directions; DROP TABLE studies; DROP TABLE "
      "version_info; DROP TABLE alembic_version; DROP TABLE optuna_trials; DELETE FROM meta WHERE "
      "key LIKE 'optuna%'");
  life.viewed().reopen_unsettled();
  CHECK(life.viewed().everything() == expected);
}
