// How long a Gaussian process takes for one more trial when N have ended: the fit of its
// parameters, the search for the most promising trial, and telling the result. Each round adds a
// trial to the N that are there.

#include "learning_searcher.hpp"

#include <benchmark/benchmark.h>

namespace {

void suggest(benchmark::State& state) {
  learning_searcher searcher{"gp", state.range(0),
                             static_cast<troupe::trial_number>(state.range(1))};
  searcher.run_trial(); // the first fit begins from nothing
  for (auto _ : state)
    searcher.run_trial();
}

} // namespace

BENCHMARK(suggest)
    ->Args({6, 50})
    ->Args({6, 200})
    ->Unit(benchmark::kMillisecond)
    ->Iterations(20)
    ->Repetitions(5)
    ->ReportAggregatesOnly();

BENCHMARK_MAIN();
