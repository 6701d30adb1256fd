// How many configurations the random searcher suggests per second, by the number of parameters; and
// how much memory TPE takes for each trial that has ended.

#include <troupe/random.hpp>
#include <troupe/searcher.hpp>

#include <benchmark/benchmark.h>

#include <cstdint>
#include <malloc.h>
#include <string>

namespace {

using namespace troupe;

study example(const std::string& searcher, std::int64_t parameters) {
  study s;
  s.metric = "loss";
  s.searcher.name = searcher;
  s.seed = 1;
  for (std::int64_t i = 0; i < parameters; ++i) {
    const auto name = "p" + std::to_string(i);
    if (i % 3 == 0)
      s.space.add(name, uniform{0, 1});
    else if (i % 3 == 1)
      s.space.add(name, loguniform{1e-4, 1e-1});
    else
      s.space.add(name, choice{{2, 4, 8, 16}});
  }
  return s;
}

void suggest_at_random(benchmark::State& state) {
  const auto searcher = make_searcher(example("random", state.range(0)));
  trial_number n = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(searcher->suggest(n++));
  state.SetItemsProcessed(state.iterations());
}

std::size_t memory_in_use() {
  const auto all = mallinfo2();
  return all.uordblks + all.hblkhd;
}

void remember_trials(benchmark::State& state) {
  constexpr trial_number trials = 20'000;
  auto s = example("tpe", state.range(0));
  s.searcher.options = {{"n_startup_trials", trials}};
  std::size_t bytes = 0;
  for (auto _ : state) {
    const auto searcher = make_searcher(s);
    const auto before = memory_in_use();
    for (trial_number n = 0; n < trials; ++n) {
      searcher->suggest(n);
      searcher->complete(n, random_stream{1, n, "loss"}.uniform());
    }
    bytes = memory_in_use() - before;
  }
  state.counters["bytes/trial"] = static_cast<double>(bytes) / trials;
}

} // namespace

BENCHMARK(suggest_at_random)->Arg(2)->Arg(3)->Arg(5);
BENCHMARK(remember_trials)->Arg(10)->Iterations(1)->Unit(benchmark::kMillisecond);

BENCHMARK_MAIN();
