// Whether whole searches come as far as those that Optuna 5 was recorded with: per function and
// searcher the probability that ours finds the better value (A12), with its 90 % interval. "as
// good" if that is above 0.4, or the estimate itself where only few searches are recorded; else the
// exit code is 1. The argument is how many searches of each there are; default: 2,000.

#include "search/parity_kit.hpp"

#include <fmt/format.h>

#include <atomic>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <thread>

namespace {

using namespace troupe;
using namespace troupe::parity;

constexpr double bar = 0.4;

/// Returns the best value for each seed. Searches do not know of each other, so all cores search.
std::vector<double> search(const test_function& f, const contender& c, trial_number trials) {
  std::vector<double> best(c.seeds);
  std::atomic<std::uint64_t> next = 0;
  const auto work = [&] {
    const auto s = study_of(f, c.searcher);
    for (auto seed = next++; seed < c.seeds; seed = next++)
      best[seed] = best_of(f, s, seed, trials);
  };
  {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i)
      threads.emplace_back(work);
  }
  return best;
}

std::string_view verdict(const contender& c, const superiority& s) {
  if ((c.by_estimate ? s.a12 : s.low()) < bar) return "WORSE";
  return s.low() > 0.5 ? "better" : "as good";
}

int table(std::uint64_t seeds) {
  const auto recorded = read_recordings(TROUPE_VECTORS "/endtoend.jsonl.gz");
  int missed = 0;
  fmt::print("{:12} {:16} {:>6} {:>8} {:>6} {:>14}  {}\n", "function", "searcher", "trials",
             "searches", "A12", "90 %", "verdict");
  for (const auto& c : contenders(seeds, std::min<std::uint64_t>(seeds, 100)))
    for (const auto& f : test_functions()) {
      const auto& theirs = recorded.at({std::string{f.name}, std::string{c.recorded}});
      const auto s = compare(search(f, c, theirs.trials), theirs.best);
      const auto word = verdict(c, s);
      missed += word == "WORSE" ? 1 : 0;
      fmt::print("{:12} {:16} {:6} {:8} {:6.3f} [{:.3f}, {:.3f}]  {}\n", f.name, c.label,
                 theirs.trials, c.seeds, s.a12, s.low(), s.high(), word);
    }
  return missed == 0 ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
  try {
    return table(argc > 1 ? std::stoull(argv[1]) : 2'000);
  } catch (const std::exception& e) {
    std::cerr << "bench_parity: " << e.what() << '\n';
    return 2;
  }
}
