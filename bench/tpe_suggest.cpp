// How long TPE takes for one more trial when many have ended: the suggestion, and telling the
// result. Each round adds a trial to the N that are there.

#include "learning_searcher.hpp"

#include <benchmark/benchmark.h>

namespace {

void suggest(benchmark::State& state) {
  learning_searcher searcher{"tpe", state.range(0),
                             static_cast<troupe::trial_number>(state.range(1))};
  for (auto _ : state)
    searcher.run_trial();
}

} // namespace

BENCHMARK(suggest)
    ->Args({5, 1'000})
    ->Args({20, 10'000})
    ->Unit(benchmark::kMicrosecond)
    ->Iterations(100)
    ->Repetitions(5)
    ->ReportAggregatesOnly();

BENCHMARK_MAIN();
