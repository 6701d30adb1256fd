// How long a trial in a process of its own waits for it: from the event that it has started, when
// its lease is there, to its training function's first line. One trial at a time; each lasts long
// enough for the next process to load meanwhile. The first trial of a study starts a process; the
// others find one that was started ahead, or, with reuse, the last trial's.
//
//     bench_isolated_start TRIALS MODULE [FOLDER]     as in: 20 build/release/troupe-torch.so
//
// MODULE is what a trainable with libtorch has to load; results go to FOLDER, else to where
// temporary files do.

#include "store/journal.hpp"
#include "store/study_layout.hpp"

#include <troupe/cli.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>
#include <variant>
#include <vector>

namespace {

using namespace troupe;
namespace fs = std::filesystem;

/// Reports when it began, and works for a while.
void train(trial& t) {
  const auto began = std::chrono::system_clock::now().time_since_epoch();
  const auto ns = static_cast<double>(std::chrono::nanoseconds{began}.count()); // to 256 ns
  std::this_thread::sleep_for(std::chrono::milliseconds{t.param<int>("work_ms")});
  (void)t.report({{"began_ns", ns}});
}

trainable timed() {
  trainable t{.name = "timed", .train = train};
  t.parameters = {{"work_ms", parameter::kind::integer, 0, {}, {}, "how long it works"}};
  t.options = {{"module", parameter::kind::text, {}, {}, nullptr, "what it loads"}};
  t.metrics = {"began_ns"};
  t.load = [](const run_context& c) {
    if (!c.options.contains("module")) return;
    if (!dlopen(param<std::string>(c.options, "module").c_str(), RTLD_NOW | RTLD_LOCAL))
      throw std::runtime_error{dlerror()};
  };
  return t;
}

/// What is measured.
struct variant {
  const char* name;
  const char* keys; ///< Of the study.
};

constexpr variant variants[]{{"thread", ""},
                             {"process", R"("isolation": "process",)"},
                             {"process, reuse", R"("isolation": "process", "reuse": true,)"}};

/// Returns how long each trial waited, in milliseconds.
std::vector<double> waits_in(const fs::path& folder) {
  journal_reader journal{study_layout{folder}.journal()};
  std::map<trial_number, std::int64_t> started;
  std::vector<double> waits;
  while (const auto e = journal.next()) {
    if (std::holds_alternative<event_kind::trial_started>(e->body)) started[*e->trial] = e->time_ns;
    if (const auto* report = std::get_if<event_kind::trial_reported>(&e->body))
      waits.push_back(
          (*report->metrics.find("began_ns") - static_cast<double>(started.at(e->trial.value()))) /
          1e6);
  }
  return waits;
}

void measure(const std::string& program, const fs::path& folder, int trials, const variant& v,
             const std::string& module) {
  const int work_ms = module.empty() ? 100 : 1000;
  fs::create_directories(folder);
  std::ofstream{folder / "study.json"}
      << R"({"metric": "began_ns", "max_concurrent": 1, "num_samples": )" << trials << ", "
      << v.keys << R"("space": {"work_ms": )" << work_ms << R"(}, "trainable": {"name": "timed")"
      << (module.empty() ? "" : R"(, "module": ")" + module + '"') << "}}";
  const auto out = folder / "out";
  const auto command = program + " run " + (folder / "study.json").string() +
                       " --overwrite --out " + out.string() + " >/dev/null 2>&1";
  if (std::system(command.c_str()) != 0) throw std::runtime_error{"it failed: " + command};
  auto waits = waits_in(out);
  const double first = waits.front();
  std::sort(waits.begin() + 1, waits.end());
  std::printf("| %s | %s | %.2f ms | %.2f ms | %.2f ms |\n", module.empty() ? "none" : "libtorch",
              v.name, first, waits[1 + (waits.size() - 1) / 2], waits.back());
}

} // namespace

int main(int argc, char** argv) {
  if (argc == 2 || (argc > 1 && argv[1] == std::string{"run"}))
    return cli_main(argc, argv, registry{}.add(timed()));
  if (argc < 3 || std::atoi(argv[1]) < 2) {
    std::fprintf(stderr, "usage: bench_isolated_start TRIALS MODULE [FOLDER]; at least 2 trials\n");
    return EXIT_FAILURE;
  }
  const auto folder = (argc > 3 ? fs::path{argv[3]} : fs::temp_directory_path()) /
                      ("troupe_start_" + std::to_string(getpid()));
  std::printf("| loads | trains in a | first trial | the others: median | slowest |\n"
              "| --- | --- | --- | --- | --- |\n");
  for (const auto& module : {std::string{}, fs::absolute(argv[2]).string()})
    for (const auto& v : variants)
      measure(argv[0], folder, std::atoi(argv[1]), v, module);
  fs::remove_all(folder);
}
