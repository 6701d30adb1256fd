// Reports per second and trials per second of a whole study: controller, scheduler, searcher,
// broker, trials with their threads and, in the second half, the recorder on a real folder. The
// trainable does nothing but report.
//
//     bench_study_throughput [FOLDER]     FOLDER: where results go; default: a temporary one

#include "actors/caf_compat.hpp"

#include <troupe/runtime.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>

namespace {

using namespace troupe;

struct workload {
  const char* name;
  std::uint64_t trials;
  int reports; ///< Per trial.
};

constexpr workload workloads[]{{"few long trials", 4, 25'000}, {"many short trials", 5'000, 1}};

study_results run(const workload& w, const std::filesystem::path& folder) {
  caf::actor_system_config config;
  config.set("caf.scheduler.policy", "sharing");
  config.set("caf.scheduler.max-threads", 2);
  caf::actor_system system{config};

  study s;
  s.name = "throughput";
  s.metric = "loss";
  s.num_samples = w.trials;
  s.space.add("x", uniform{0, 1});
  s.scheduler = {"asha", {{"max_t", 1'000'000}, {"grace_period", 1'000'000}}};
  const auto train = [n = w.reports](trial& t) {
    for (int i = 0; i < n; ++i)
      if (!t.report({{"loss", 1.0 / (i + 1)}})) return;
  };
  const auto controller = spawn_study(system, {.study = s,
                                               .trainable = {.name = "reports", .train = train},
                                               .broker = spawn_broker(system, {.cpus = 2}),
                                               .folder = folder});
  caf::scoped_actor self{system};
  study_results results;
  auto answer = ask(self, controller, caf::infinite, await_results{});
  anon_tell(controller, start_study{});
  std::move(answer).receive([&](study_results& r) { results = std::move(r); },
                            [](const caf::error& e) {
                              std::fprintf(stderr, "%s\n", to_string(e).c_str());
                              std::exit(1);
                            });
  return results;
}

void measure(const workload& w, const std::filesystem::path& folder) {
  const auto start = std::chrono::steady_clock::now();
  const auto results = run(w, folder);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  for (const auto& t : results.trials)
    if (t.state != trial_state::completed || t.iterations != w.reports) {
      std::fprintf(stderr, "trial %u did not report %d times\n", t.number, w.reports);
      std::exit(1);
    }
  const double reports = static_cast<double>(w.trials) * w.reports;
  std::printf("%-18s %-9s %6llu trials x %5d reports  %6.2f s  %8.0f trials/s  %9.0f reports/s\n",
              w.name, folder.empty() ? "" : "recorded", static_cast<unsigned long long>(w.trials),
              w.reports, took.count(), static_cast<double>(w.trials) / took.count(),
              reports / took.count());
}

} // namespace

int main(int argc, char** argv) {
  init_actors();
  const std::filesystem::path root =
      argc > 1 ? argv[1] : std::filesystem::temp_directory_path() / "troupe_bench";
  std::printf("%u CPUs, two trials at once, CAF policy sharing with 2 workers, 3 runs each\n",
              std::thread::hardware_concurrency());
  for (const auto& w : workloads)
    for (int i = 0; i < 3; ++i)
      measure(w, {});
  for (const auto& w : workloads)
    for (int i = 0; i < 3; ++i) {
      std::filesystem::remove_all(root);
      measure(w, root);
    }
  std::filesystem::remove_all(root);
}
