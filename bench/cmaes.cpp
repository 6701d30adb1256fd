// What one generation of the CMA-ES costs: its points (ask), and what is learnt from them (tell).

#include "search/searchers/cmaes/cma.hpp"

#include <troupe/random.hpp>

#include <benchmark/benchmark.h>

#include <chrono>

namespace {

using namespace troupe;

/// A CMA-ES, a generation of its points, and their values on an ellipsoid.
class generation {
public:
  explicit generation(Eigen::Index dim)
      : start_{.mean = Eigen::VectorXd::Constant(dim, 0.5), .sigma = 1.0 / 6},
        es_{start_},
        box_{Eigen::VectorXd::Zero(dim), Eigen::VectorXd::Ones(dim)},
        scales_{Eigen::VectorXd::LinSpaced(dim, 1, 100)},
        x_{dim, es_.population()},
        values_{es_.population()} {}

  void ask() {
    for (Eigen::Index i = 0; i < x_.cols(); ++i)
      x_.col(i) = es_.ask(random_, box_);
  }

  void evaluate() { values_ = scales_.transpose() * (x_.array() - 0.6).square().matrix(); }

  void tell() {
    if (es_.sigma() < 1e-6) es_ = cma{start_}; // before the numbers become denormal
    es_.tell(x_, values_);
    benchmark::DoNotOptimize(es_.sigma());
  }

private:
  cma_options start_;
  cma es_;
  cma_box box_;
  Eigen::VectorXd scales_;
  Eigen::MatrixXd x_;
  Eigen::VectorXd values_;
  random_stream random_{1, 0, "bench"};
};

using seconds = std::chrono::duration<double>;

/// Only tell is timed. Its share of a generation is without the factorisation of C, which belongs
/// to the first ask after it.
void tell(benchmark::State& state) {
  auto g = generation{state.range(0)};
  for (auto _ : state) {
    g.ask();
    g.evaluate();
    const auto start = std::chrono::steady_clock::now();
    g.tell();
    state.SetIterationTime(seconds{std::chrono::steady_clock::now() - start}.count());
  }
}

void whole_generation(benchmark::State& state) {
  auto g = generation{state.range(0)};
  for (auto _ : state) {
    g.ask();
    g.evaluate();
    g.tell();
  }
}

} // namespace

BENCHMARK(tell)->Arg(5)->Arg(20)->Arg(100)->UseManualTime()->MinTime(0.2);
BENCHMARK(whole_generation)->Arg(5)->Arg(20)->Arg(100)->MinTime(0.2);

BENCHMARK_MAIN();
