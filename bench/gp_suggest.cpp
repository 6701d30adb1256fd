// How long a Gaussian process takes for one more trial when N have ended: the fit of its
// parameters, the search for the most promising trial, and telling the result. Each round adds a
// trial to the N that are there.

#include <troupe/searcher.hpp>

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>

namespace {

using namespace troupe;

/// The squared distance from 1.
double loss_of(const config& c) {
  double sum = 0;
  for (const auto& member : c) {
    const double distance = member.value().get_double() - 1;
    sum += distance * distance;
  }
  return sum;
}

void run(searcher& searcher, trial_number n) {
  searcher.complete(n, loss_of(std::get<config>(searcher.suggest(n))));
}

/// Returns a study whose first `count` suggestions are random, so that setting up is quick.
study example(std::int64_t parameters, trial_number count) {
  study s;
  s.metric = "loss";
  s.searcher = {"gp", {{"n_startup_trials", count}}};
  s.seed = 1;
  for (std::int64_t p = 0; p < parameters; ++p)
    s.space.add("x" + std::to_string(p), uniform{-5, 5});
  return s;
}

void suggest(benchmark::State& state) {
  auto n = static_cast<trial_number>(state.range(1));
  const auto searcher = make_searcher(example(state.range(0), n));
  for (trial_number i = 0; i < n; ++i)
    run(*searcher, i);
  run(*searcher, n++); // the first fit begins from nothing
  for (auto _ : state)
    run(*searcher, n++);
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
