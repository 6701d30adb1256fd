// How long an event-driven trial waits for the answer to a report: percentiles for 1 to 10,000
// trials that report as soon as they are answered, and for 20,000 reports a second that come
// whether or not others are answered; in memory and with the journal. First, what a live trial
// takes in memory.
//
//     bench_report_latency [FOLDER] [REPORTS]   FOLDER: where results go; default: a temporary one
//                                               REPORTS: of all trials in each row; default: 200000

#include "actors/caf_compat.hpp"

#include <troupe/runtime.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <malloc.h>
#include <mutex>
#include <string>
#include <sys/prctl.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using namespace troupe;
namespace fs = std::filesystem;
using steady = std::chrono::steady_clock;
using nanoseconds = std::int64_t;

/// A trial that is told when a report is due.
using paced_actor =
    caf::typed_actor<caf::result<void>(end_trial), caf::result<void>(caf::tick_atom, nanoseconds)>;

nanoseconds now() {
  return steady::now().time_since_epoch() / std::chrono::nanoseconds{1};
}

double resident_mb() {
  std::ifstream statm{"/proc/self/statm"};
  double size = 0, resident = 0;
  statm >> size >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

struct workload {
  std::uint32_t trials;
  std::size_t reports; ///< Per trial, after its first, with which it says that it lives.
  double per_s = 0;    ///< Reports of all trials; 0: each as soon as the last is answered.
};

/// What the trials of a study share.
class gathering {
public:
  explicit gathering(const workload& w) : load{w} {}

  void add(const paced_actor& trial) {
    const std::scoped_lock lock{mutex_};
    trials_.push_back(trial);
  }

  /// A trial lives, and its first report is answered.
  void alive() {
    if (++alive_ == load.trials) {
      resident_mb_ = resident_mb();
      all_alive_ = true;
    }
  }

  /// A trial has made its reports.
  void add(const std::vector<nanoseconds>& waits) {
    const std::scoped_lock lock{mutex_};
    waits_.insert(waits_.end(), waits.begin(), waits.end());
    ended_ = steady::now();
  }

  /// When all trials are alive: tells them, in turn, that a report is due; in an open load at equal
  /// distances until it is over.
  void pace() {
    prctl(PR_SET_TIMERSLACK, 1); // or else each sleep is 50 us too long
    while (!all_alive_)
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    const auto distance =
        std::chrono::nanoseconds{load.per_s > 0 ? static_cast<nanoseconds>(1e9 / load.per_s) : 0};
    auto due = begun_ = steady::now();
    for (std::size_t i = 0; i < (load.per_s > 0 ? load.reports : 1); ++i)
      for (const auto& trial : trials_) {
        std::this_thread::sleep_until(due += distance);
        anon_tell(trial, caf::tick_atom_v, due.time_since_epoch() / std::chrono::nanoseconds{1});
      }
    trials_.clear();
  }

  std::vector<nanoseconds> sorted_waits() {
    std::ranges::sort(waits_);
    return std::move(waits_);
  }

  double seconds() const { return std::chrono::duration<double>{ended_ - begun_}.count(); }
  double resident_mb_then() const { return resident_mb_; }

  const workload load;

private:
  std::mutex mutex_;
  std::vector<paced_actor> trials_;
  std::vector<nanoseconds> waits_;
  steady::time_point begun_, ended_;
  std::atomic<std::uint32_t> alive_ = 0;
  std::atomic<bool> all_alive_ = false;
  std::atomic<double> resident_mb_ = 0;
};

/// Reports once when it begins, then as its workload says. A wait counts from when the report was
/// due: who is late because the one before was not answered has waited, too.
class reporting_trial {
public:
  static inline const char* name = "reporting trial";

  reporting_trial(paced_actor::pointer self, const trial_order& order, trial_parent_actor parent,
                  gathering& all)
      : self_{self},
        number_{order.number},
        attempt_{order.attempt},
        parent_{std::move(parent)},
        all_{all} {
    waits_.reserve(all.load.reports);
  }

  paced_actor::behavior_type make_behavior() {
    be_due(now());
    return {[this](const end_trial&) { self_->quit(); },
            [this](caf::tick_atom, nanoseconds due) { be_due(due); }};
  }

private:
  void be_due(nanoseconds due) {
    due_.push_back(due);
    if (due_.size() == 1) report();
  }

  void report() {
    ask(self_, parent_, caf::infinite,
        trial_report{number_, attempt_, {{"loss", 1.0 / static_cast<double>(waits_.size() + 1)}}})
        .then([this](const report_answer&) { answered(); },
              [this](const caf::error&) { self_->quit(); });
  }

  void answered() {
    const auto at = now();
    const auto waited = at - due_.front();
    due_.erase(due_.begin());
    if (!alive_) {
      alive_ = true;
      return all_.alive();
    }
    waits_.push_back(waited);
    if (waits_.size() == all_.load.reports) return end();
    if (all_.load.per_s == 0) due_.push_back(at);
    if (!due_.empty()) report();
  }

  void end() {
    all_.add(waits_);
    tell(self_, parent_, trial_exit{number_, attempt_});
    self_->quit();
  }

  paced_actor::pointer self_;
  trial_number number_;
  int attempt_;
  trial_parent_actor parent_;
  gathering& all_;
  std::vector<nanoseconds>
      due_; ///< Of the report that is under way, and of those that wait for it.
  std::vector<nanoseconds> waits_;
  bool alive_ = false;
};

study study_of(const workload& w) {
  study s;
  s.name = "report_latency";
  s.metric = "loss";
  s.num_samples = w.trials;
  s.space.add("x", uniform{0, 1});
  s.trial_files = false;
  s.max_concurrent = w.trials;
  return s;
}

void check(const study_results& results, const workload& w) {
  for (const auto& t : results.trials)
    if (t.iterations != static_cast<int>(w.reports + 1) || !results.not_recorded.empty()) {
      std::fprintf(stderr, "trial %u: %s\n", t.number, results.not_recorded.c_str());
      std::exit(1);
    }
}

void run(gathering& all, const fs::path& folder) {
  caf::actor_system_config config;
  config.set("caf.scheduler.policy", "sharing");
  config.set("caf.scheduler.max-threads", 2);
  caf::actor_system system{config};
  const auto trials = [&all](caf::actor_system& sys, const trial_order& order,
                             trial_parent_actor parent) -> trial_actor {
    auto trial = sys.spawn<paced_actor::stateful_impl<reporting_trial>>(order, std::move(parent),
                                                                        std::ref(all));
    all.add(trial);
    return trial;
  };
  const auto controller = spawn_study(
      system, {.study = study_of(all.load),
               .trainable = {},
               .broker = spawn_broker(system, {.cpus = static_cast<double>(all.load.trials)}),
               .folder = folder,
               .trials = trials});
  caf::scoped_actor self{system};
  auto answer = ask(self, controller, caf::infinite, await_results{});
  anon_tell(controller, start_study{});
  all.pace();
  std::move(answer).receive([&](const study_results& results) { check(results, all.load); },
                            [](const caf::error& e) {
                              std::fprintf(stderr, "%s\n", to_string(e).c_str());
                              std::exit(1);
                            });
}

const char* name_of(const fs::path& folder) {
  return folder.empty() ? "in memory" : "journal";
}

void measure_memory(const fs::path& folder, std::uint32_t trials) {
  gathering all{{.trials = trials, .reports = 1}};
  malloc_trim(0); // what was used before and is free would hide what is used now
  const double before = resident_mb();
  run(all, folder);
  const double growth = all.resident_mb_then() - before;
  std::printf("%-9s  %5u live trials take %.1f MB, %.1f kB each\n", name_of(folder), trials, growth,
              1000 * growth / trials);
}

void measure(const fs::path& folder, const workload& w) {
  gathering all{w};
  run(all, folder);
  const auto waits = all.sorted_waits();
  const auto us = [&](double share) {
    return static_cast<double>(
               waits[static_cast<std::size_t>(share * static_cast<double>(waits.size() - 1))]) /
           1e3;
  };
  std::printf("%-9s  %5u trials, %-9s %9.0f reports/s  p50 %9.1f us  p90 %9.1f us  p99 %9.1f us  "
              "max %9.1f us\n",
              name_of(folder), w.trials, w.per_s > 0 ? "open" : "closed",
              static_cast<double>(w.trials * w.reports) / all.seconds(), us(0.5), us(0.9), us(0.99),
              us(1));
}

} // namespace

int main(int argc, char** argv) {
  init_actors();
  const fs::path root = argc > 1 ? argv[1] : fs::temp_directory_path() / "troupe_report_latency";
  const auto reports = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 200'000;
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const auto in_turn = [&](auto&& measure_in) {
    for (const auto& folder : {root, fs::path{}}) {
      fs::remove_all(root);
      measure_in(folder);
    }
  };
  in_turn([](const fs::path& folder) { measure_memory(folder, 10'000); });
  for (const std::uint32_t trials : {1, 2, 16, 256, 10'000})
    in_turn([&](const fs::path& folder) {
      measure(folder, {.trials = trials, .reports = std::max<std::size_t>(reports / trials, 2)});
    });
  in_turn([&](const fs::path& folder) {
    measure(folder, {.trials = 256, .reports = reports / 256, .per_s = 20'000});
  });
  fs::remove_all(root);
}
