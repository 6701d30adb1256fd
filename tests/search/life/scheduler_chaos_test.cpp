#include "search/scheduler_kit.hpp"

#include <troupe/random.hpp>
#include <troupe/results.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

using namespace troupe;

namespace {

/// A study in miniature: a scheduler, some slots, and trials to which all sorts of things happen.
class chaos {
public:
  /// `refusals`: how likely a trial is to go on when told to pause, for want of a checkpoint.
  chaos(const study& s, std::uint64_t seed, double refusals)
      : refusals_{refusals},
        scheduler_{make_scheduler(s)},
        random_{seed, 0, "chaos"},
        slots_{1 + pick(6)},
        to_add_{1 + pick(120)},
        stride_{1 + pick(3)},
        lookahead_{pick(4) == 0 ? 1 + pick(3) : scheduler_->lookahead()} {}

  /// Runs until nothing happens any more; how many trials wait then, for ever, is waiting().
  void run() {
    for (;;) {
      while (trials_.size() < to_add_ && count(trial_state::pending) < lookahead_)
        add();
      while (running_.size() < slots_ && place()) {
      }
      if (running_.empty() && trials_.size() == to_add_) return;
      if (running_.empty() && count(trial_state::pending) >= lookahead_) return;
      if (!running_.empty()) strike(running_[pick(running_.size())]);
    }
  }

  std::size_t waiting() const {
    return static_cast<std::size_t>(std::ranges::count_if(trials_, waits));
  }
  std::size_t pending() const { return count(trial_state::pending); }

  /// The latest time that any trial has reported.
  double latest() const { return latest_; }

private:
  struct life {
    trial_state state = trial_state::pending;
    double time = 0;
    std::optional<double> checkpoint{};
    std::optional<result> last{};
    bool pause_refused = false;
    config settings{};
  };

  std::size_t pick(std::size_t n) {
    return static_cast<std::size_t>(random_.uniform() * static_cast<double>(n));
  }
  bool happens(double probability) { return random_.uniform() < probability; }

  static bool waits(const life& t) {
    return t.state == trial_state::pending || t.state == trial_state::paused;
  }

  std::size_t count(trial_state state) const {
    return static_cast<std::size_t>(std::ranges::count(trials_, state, &life::state));
  }

  void set(trial_number n, trial_state state) {
    if (trials_[n].state == trial_state::running) std::erase(running_, n);
    trials_[n].state = state;
    if (state == trial_state::running) running_.push_back(n);
  }

  void add() {
    trials_.push_back({.settings = {{"lr", 1.0 + static_cast<double>(trials_.size())}}});
    enter(static_cast<trial_number>(trials_.size() - 1));
  }

  void enter(trial_number n) {
    scheduler_->configured(n, trials_[n].settings);
    scheduler_->added(n);
  }

  /// Returns whether a trial was found for a free slot.
  bool place() {
    const auto n = scheduler_->choose();
    for (const auto& d : scheduler_->aftermath())
      change_others(d);
    if (!n) return false;
    REQUIRE(*n < trials_.size());
    auto& t = trials_[*n];
    if (t.state == trial_state::running) {
      REQUIRE(t.pause_refused);
      return true;
    }
    REQUIRE(waits(t));
    t.time = t.checkpoint.value_or(0);
    set(*n, trial_state::running);
    return true;
  }

  void change_others(const decision& d) {
    for (const auto n : d.also_stop) {
      REQUIRE_FALSE(d.reason.empty());
      // One that did not pause may have ended or failed before anybody asked for the aftermath.
      REQUIRE((trials_[n].state == trial_state::paused || refusals_ > 0));
      if (trials_[n].state == trial_state::paused) set(n, trial_state::stopped);
    }
    for (const auto& e : d.exploits)
      take_over(e);
    for (const auto& r : d.resizes) {
      REQUIRE((waits(trials_[r.trial]) || refusals_ > 0));
      REQUIRE(r.request.cpu >= 1);
      REQUIRE(r.request.cpu <= 8);
    }
  }

  /// As in a study: refused if the trial has not paused, or the donor has no checkpoint.
  void take_over(const exploit& e) {
    auto& t = trials_[e.trial];
    const auto& donor = trials_[e.donor];
    REQUIRE_FALSE(is_final(donor.state));
    REQUIRE((t.state == trial_state::paused || refusals_ > 0));
    if (t.state != trial_state::paused || !donor.checkpoint)
      return scheduler_->configured(e.trial, t.settings);
    REQUIRE(e.config.contains("lr"));
    t.checkpoint = donor.checkpoint;
    t.settings = e.config;
  }

  /// Something happens to a running trial.
  void strike(trial_number n) {
    auto& t = trials_[n];
    if (happens(0.03)) return fail(n);
    if (happens(0.02) || t.time >= 60) {
      scheduler_->completed(n, t.last);
      return set(n, trial_state::completed);
    }
    report(n);
    if (happens(0.01)) remove_one();
  }

  void fail(trial_number n) {
    scheduler_->failed(n);
    trials_[n].pause_refused = false;
    if (happens(0.4)) return set(n, trial_state::failed);
    set(n, trial_state::pending);
    enter(n);
  }

  void report(trial_number n) {
    auto& t = trials_[n];
    t.time += static_cast<double>(1 + pick(stride_));
    latest_ = std::max(latest_, t.time);
    t.last = result{t.time, value()};
    const auto d = scheduler_->reported(n, *t.last);
    t.pause_refused = d.verdict == verdict::pause && happens(refusals_);
    if (!t.pause_refused) t.checkpoint = t.time;
    if (d.verdict == verdict::pause && !t.pause_refused) set(n, trial_state::paused);
    change_others(d);
    if (d.verdict == verdict::stop) {
      scheduler_->completed(n, t.last);
      set(n, trial_state::stopped);
    }
  }

  double value() {
    if (happens(0.01)) return std::nan("");
    if (happens(0.01)) return std::numeric_limits<double>::infinity();
    return std::floor(random_.uniform() * 20);
  }

  /// A waiting trial is taken away.
  void remove_one() {
    const auto n = static_cast<trial_number>(pick(trials_.size()));
    if (!waits(trials_[n])) return;
    scheduler_->removed(n);
    set(n, trial_state::stopped);
  }

  double refusals_;
  std::unique_ptr<scheduler> scheduler_;
  random_stream random_;
  std::size_t slots_, to_add_, stride_, lookahead_;
  std::vector<life> trials_;
  std::vector<trial_number> running_;
  double latest_ = 0;
};

/// How many studies a case is tried with: 200, or as many as TROUPE_CHAOS_STUDIES says.
std::uint64_t studies() {
  const char* wanted = std::getenv("TROUPE_CHAOS_STUDIES");
  return wanted ? std::strtoull(wanted, nullptr, 10) : 200;
}

/// How many of so many studies end with trials that wait for ever, and how many of those with
/// trials that have never run or are to be tried again; the latest time of all.
struct toll {
  int stuck = 0, never_chosen = 0;
  double latest = 0;
};

toll run_many(std::string_view name, std::string_view options, double refusals = 0) {
  toll all;
  for (std::uint64_t seed = 0; seed < studies(); ++seed) {
    auto s = scheduled_study(name, options);
    s.cpus = 8;
    chaos one{s, seed, refusals};
    one.run();
    all.stuck += one.waiting() > 0 ? 1 : 0;
    all.never_chosen += one.pending() > 0 ? 1 : 0;
    all.latest = std::max(all.latest, one.latest());
  }
  return all;
}

} // namespace

TEST_CASE("whatever happens to trials, none waits for ever while a slot is free") {
  struct {
    std::string_view scheduler, options;
    double latest; // the last milestone, or 60, and what one stride may go beyond it
  } const all[] = {
      {"fifo", "{}", 62},
      {"asha", R"({"max_t": 20, "reduction_factor": 2, "brackets": 2})", 22},
      {"median", R"({"grace_period": 3})", 62},
      {"median", R"({"grace_period": 1, "hard_stop": false, "min_time_slice": 4})", 62},
      {"hyperband", R"({"max_t": 9})", 11},
      {"hyperband", R"({"max_t": 27})", 29},
      {"hyperband", R"({"max_t": 16, "reduction_factor": 2})", 18},
      {"hyperband", R"({"max_t": 40, "reduction_factor": 2.5})", 42},
      {"hyperband", R"({"max_t": 9, "stop_last_trials": false})", 62},
      {"resource_changing", "{}", 62},
      {"resource_changing", R"({"base": {"name": "asha", "max_t": 20, "reduction_factor": 2}})",
       22},
      {"resource_changing",
       R"({"base": {"name": "hyperband", "max_t": 27}, "increase_by_times": 2})", 29},
      {"resource_changing", R"({"base": {"name": "threshold", "upper": 15, "lower": 1}})", 62},
      {"pbt_replay", R"({"policy": [[3, {"lr": 2}], [20, {"lr": 3}]]})", 62},
      {"pbt", R"({"perturbation_interval": 4, "hyperparam_mutations": {"lr": [1, 2]}})", 62},
      {"pbt",
       R"({"perturbation_interval": 2, "burn_in_period": 5, "quantile_fraction": 0.5,
           "hyperparam_mutations": {"lr": {"uniform": [0, 1]}}})",
       62},
      {"pbt",
       R"({"perturbation_interval": 4, "hyperparam_mutations": {"lr": [1, 2]}, "synch": true})",
       62},
      {"pbt",
       R"({"perturbation_interval": 1, "burn_in_period": 3, "quantile_fraction": 0.5,
           "hyperparam_mutations": {"lr": [1, 2]}, "synch": true})",
       62},
  };
  for (const auto& one : all) {
    CAPTURE(one.scheduler);
    CAPTURE(one.options);
    const auto toll = run_many(one.scheduler, one.options);
    CHECK(toll.stuck == 0);
    CHECK(toll.latest <= one.latest);
    CHECK(run_many(one.scheduler, one.options, 0.05).stuck == 0);
  }
}

TEST_CASE("whatever happens, only trials that have come to a rung are left without promotion") {
  for (const std::string_view options :
       {R"({"max_t": 20, "reduction_factor": 2, "variant": "promotion"})",
        R"({"max_t": 20, "reduction_factor": 3, "grace_period": 2, "variant": "promotion"})"}) {
    CAPTURE(options);
    const auto toll = run_many("asha", options);
    CHECK(toll.never_chosen == 0);
    CHECK(toll.stuck > 0);
    CHECK(toll.latest <= 22);
    CHECK(run_many("asha", options, 0.05).never_chosen == 0);
  }
}

TEST_CASE("with compat, trials of HyperBand wait for ever as Ray Tune's do") {
  CHECK(run_many("hyperband", R"({"max_t": 27, "compat": "ray"})").stuck > 20);
}
