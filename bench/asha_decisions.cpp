// How long ASHA takes to judge a report, while the values recorded at its rung double from N: so
// the growth of its memory has its fair share.

#include "search/schedulers/asha.hpp"

#include <troupe/random.hpp>
#include <troupe/scheduler.hpp>

#include <benchmark/benchmark.h>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <vector>

namespace {

using namespace troupe;

double value_of(trial_number n) {
  return random_stream{1, n, "value"}.uniform();
}

/// Returns a scheduler whose lowest rung holds `recorded` values, and where as many trials run that
/// have not reported yet.
asha half_filled(trial_number recorded) {
  study s;
  s.metric = "loss";
  s.scheduler.name = "asha";
  asha scheduler{s};
  for (trial_number n = 0; n < 2 * recorded; ++n) {
    scheduler.added(n);
    scheduler.choose();
    if (n < recorded) scheduler.reported(n, {1, value_of(n)});
  }
  return scheduler;
}

/// Judges the trials that have not reported yet; returns how many were stopped.
int judge_rest(asha& scheduler, const std::vector<double>& values) {
  int stopped = 0;
  auto n = static_cast<trial_number>(values.size());
  for (const double value : values)
    stopped += scheduler.reported(n++, {1, value}).verdict == verdict::stop ? 1 : 0;
  return stopped;
}

void judge(benchmark::State& state) {
  const auto recorded = static_cast<trial_number>(state.range(0));
  const asha before = half_filled(recorded);
  std::vector<double> values;
  for (trial_number n = recorded; n < 2 * recorded; ++n)
    values.push_back(value_of(n));
  for (auto _ : state) {
    asha scheduler = before;
    const auto start = std::chrono::steady_clock::now();
    const int stopped = judge_rest(scheduler, values);
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    state.SetIterationTime(taken.count());
    // With a reduction factor of 4, three uniform values in four are stopped.
    if (std::abs(stopped / static_cast<double>(recorded) - 0.75) > 0.2)
      state.SkipWithError("ASHA stopped an unlikely share of trials");
  }
  state.counters["decision"] = benchmark::Counter(
      recorded, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

} // namespace

BENCHMARK(judge)->Arg(100)->Arg(10'000)->Arg(100'000)->UseManualTime()->MinTime(0.2);

BENCHMARK_MAIN();
