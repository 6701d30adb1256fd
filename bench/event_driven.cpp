// Trials without threads: how many short ones a study takes per second, and how many reports of 256
// at once, with the journal and without; what a report takes in the file and a finished trial in
// memory. Beside them how often the disk can be asked to keep something, in the same run.
//
//     bench_event_driven [FOLDER] [TRIALS]    FOLDER: where results go; default: a temporary one

#include "actors/caf_compat.hpp"

#include <troupe/runtime.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

namespace {

using namespace troupe;
namespace fs = std::filesystem;

/// Reports `reports` times, as fast as it is answered.
class quick_trial {
public:
  static inline const char* name = "quick trial";

  quick_trial(trial_actor::pointer self, const trial_order& order, trial_parent_actor parent,
              int reports)
      : self_{self},
        number_{order.number},
        attempt_{order.attempt},
        parent_{std::move(parent)},
        left_{reports} {}

  trial_actor::behavior_type make_behavior() {
    report();
    return {[this](const end_trial&) { left_ = 0; }};
  }

private:
  void report() {
    if (left_-- <= 0) {
      tell(self_, parent_, trial_exit{number_, attempt_});
      return self_->quit();
    }
    ask(self_, parent_, caf::infinite,
        trial_report{number_, attempt_, {{"loss", 1.0 / (left_ + number_ + 1)}}})
        .then([this](const report_answer&) { report(); },
              [this](const caf::error&) { self_->quit(); });
  }

  trial_actor::pointer self_;
  trial_number number_;
  int attempt_;
  trial_parent_actor parent_;
  int left_;
};

struct workload {
  std::uint64_t trials;
  int reports; ///< Per trial.
  double at_once;
};

double resident_mb() {
  std::ifstream statm{"/proc/self/statm"};
  double size = 0, resident = 0;
  statm >> size >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

void run(const workload& w, const fs::path& folder) {
  caf::actor_system_config config;
  config.set("caf.scheduler.policy", "sharing");
  config.set("caf.scheduler.max-threads", 2);
  caf::actor_system system{config};
  study s;
  s.name = "event_driven";
  s.metric = "loss";
  s.num_samples = w.trials;
  s.space.add("x", uniform{0, 1});
  s.trial_files = false;
  s.max_concurrent = static_cast<std::uint32_t>(w.at_once);
  const auto study_handle = spawn_study(
      system, {.study = s,
               .trainable = {},
               .broker = spawn_broker(system, {.cpus = w.at_once}),
               .folder = folder,
               .trials = [n = w.reports](caf::actor_system& sys, const trial_order& order,
                                         trial_parent_actor parent) -> trial_actor {
                 return sys.spawn<trial_actor::stateful_impl<quick_trial>>(order, std::move(parent),
                                                                           n);
               }});
  caf::scoped_actor self{system};
  auto answer = ask(self, study_handle, caf::infinite, await_results{});
  anon_tell(study_handle, start_study{});
  std::move(answer).receive(
      [&](const study_results& results) {
        for (const auto& t : results.trials)
          if (t.iterations != w.reports || !results.not_recorded.empty()) {
            std::fprintf(stderr, "trial %u: %s\n", t.number, results.not_recorded.c_str());
            std::exit(1);
          }
      },
      [](const caf::error& e) {
        std::fprintf(stderr, "%s\n", to_string(e).c_str());
        std::exit(1);
      });
}

void measure(const workload& w, const fs::path& folder) {
  fs::remove_all(folder);
  const double before = resident_mb();
  const auto start = std::chrono::steady_clock::now();
  run(w, folder);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  const double reports = static_cast<double>(w.trials) * w.reports;
  std::printf("%-8s %8llu trials x %6d reports, %3.0f at once  %7.2f s  %8.0f trials/s  %9.0f "
              "reports/s  %+6.0f MB",
              folder.empty() ? "" : "recorded", static_cast<unsigned long long>(w.trials),
              w.reports, w.at_once, took.count(), static_cast<double>(w.trials) / took.count(),
              reports / took.count(), resident_mb() - before);
  if (!folder.empty())
    std::printf("  %5.0f bytes of file per report",
                static_cast<double>(fs::file_size(folder / "study.db")) / reports);
  std::printf("\n");
  std::fflush(stdout);
  fs::remove_all(folder);
}

/// How often the disk can be asked to keep a page.
void measure_disk(const fs::path& folder) {
  fs::create_directories(folder);
  const auto file = folder / "sync";
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  const std::string page(4096, 'x');
  const auto start = std::chrono::steady_clock::now();
  int syncs = 0;
  while (std::chrono::steady_clock::now() - start < std::chrono::seconds{1}) {
    if (::write(descriptor, page.data(), page.size()) < 0 || ::fsync(descriptor) != 0) std::exit(1);
    ++syncs;
  }
  ::close(descriptor);
  fs::remove_all(folder);
  std::printf("the disk: %d fsyncs of a page per second\n", syncs);
}

} // namespace

int main(int argc, char** argv) {
  init_actors();
  const fs::path root = argc > 1 ? argv[1] : fs::temp_directory_path() / "troupe_event_driven";
  const auto trials = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 100'000;
  measure_disk(root);
  for (const auto& folder : {fs::path{}, root}) {
    for (std::uint64_t n = 1000; n <= trials; n *= 10)
      measure({n, 1, 256}, folder);
    measure({256, 2'000, 256}, folder);
  }
}
