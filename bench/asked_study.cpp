// What `ask` and `tell` of a program that keeps its study open cost when it has many trials, and
// how long it takes to open such a study again.
//
//     bench_asked_study [FOLDER] [TRIALS]     FOLDER: where the study goes; default: a temporary
//     one

#include "asked_kind.hpp"
#include "store/journal.hpp"
#include "store/study_layout.hpp"

#include <troupe/study.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

namespace {

using namespace troupe;
namespace fs = std::filesystem;
using clock = std::chrono::steady_clock;

double seconds_since(clock::time_point start) {
  return std::chrono::duration<double>(clock::now() - start).count();
}

/// Returns the milliseconds that a trial more takes.
double milliseconds_per_trial(asked_study& study, const asked_kind& kind) {
  constexpr int trials = 100;
  const auto start = clock::now();
  for (int i = 0; i < trials; ++i)
    ask_and_tell(study, kind, i);
  return seconds_since(start) * 1e3 / trials;
}

/// Fills a study, then measures its next calls, and its opening; then the calls of a small one that
/// waits for the disk.
void measure(const fs::path& root, const asked_kind& kind, int trials) {
  fs::remove_all(root);
  {
    asked_study study{root, study_of(kind, durability::off)};
    for (int i = 0; i < trials; ++i)
      ask_and_tell(study, kind, i);
    const double per_trial = milliseconds_per_trial(study, kind);
    std::printf("%-12s after %6d trials, %7llu events: ask and tell %6.2f ms without fsync",
                kind.name().c_str(), trials, static_cast<unsigned long long>(study.last_seq()),
                per_trial);
  }
  {
    const auto start = clock::now();
    const asked_study study{root};
    std::printf("; opened in %.1f ms", seconds_since(start) * 1e3);
  }
  fs::remove_all(root);
  asked_study synced{root, study_of(kind, durability::sync)};
  std::printf("; a new one, with fsync %6.2f ms\n", milliseconds_per_trial(synced, kind));
}

/// Reads a long journal with all checks.
void measure_reading(const fs::path& root, std::uint64_t events) {
  fs::remove_all(root);
  fs::create_directories(root);
  const auto file = study_layout{root}.journal();
  {
    journal_writer writer{file, durability::off};
    std::uint64_t seq = 0;
    const auto append = [&](std::optional<trial_number> n, event_body body) {
      ++seq;
      writer.append({seq, static_cast<std::int64_t>(seq) * 1000, n, std::move(body)});
    };
    append({}, event_kind::study_started{"asked", events});
    for (trial_number n = 0; seq < events; ++n) {
      append(n, event_kind::trial_added{{{"x", 0.25}, {"lr", 0.125}}, seq});
      append(n, event_kind::trial_started{1, 0, {n + 1U, 1, 0, 0, {}}, {}});
      append(n, event_kind::trial_reported{1, {{"loss", 1.0 / (n + 1)}}, {}, 0.001, 0.001});
      append(n, event_kind::trial_ended{trial_state::completed, {}});
    }
    writer.commit();
  }
  const auto start = clock::now();
  journal_reader reader{file};
  std::uint64_t count = 0;
  while (reader.next())
    ++count;
  std::printf("%llu events read and checked in %.2f s\n", static_cast<unsigned long long>(count),
              seconds_since(start));
  fs::remove_all(root);
}

} // namespace

int main(int argc, char** argv) {
  const fs::path root = argc > 1 ? argv[1] : fs::temp_directory_path() / "troupe_asked";
  const int trials = argc > 2 ? std::atoi(argv[2]) : 10'000;
  for (const auto& kind : asked_kinds)
    measure(root, kind, trials);
  measure_reading(root, 1'000'000);
}
