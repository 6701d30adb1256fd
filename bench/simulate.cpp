// How fast studies pass in virtual time, with 10,000 workers and a million epochs; whether memory
// stays the same when trials have ten times as many epochs; and how well early values of each
// family of learning curves tell late ones.

#include "search/simulation/simulate.hpp"

#include "search/searchers/random_searcher.hpp"
#include "search/simulation/parametric_curves.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <string_view>
#include <sys/resource.h>
#include <vector>

namespace {

using namespace troupe;

struct workload {
  const char* scheduler;
  std::string_view options;
  std::uint64_t trials;
  double epochs;
};

// The first two differ only in the length of trials.
constexpr workload workloads[]{
    {"fifo", "{}", 10'000, 10},
    {"fifo", "{}", 10'000, 100},
    {"asha", R"({"max_t": 100, "grace_period": 10})", 60'000, 100},
    {"hyperband", R"({"max_t": 81})", 90'000, 81},
    {"median",
     R"({"time_attr": "training_iteration", "grace_period": 10, "min_samples_required": 0})",
     40'000, 100},
};

study four_parameters() {
  study s;
  s.metric = "loss";
  s.space.add("lr", loguniform{1e-5, 1})
      .add("momentum", uniform{0, 0.99})
      .add("optimizer", choice{{"sgd", "adam", "lion"}})
      .add("width", lograndint{16, 1025});
  return s;
}

double peak_rss_mb() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return static_cast<double>(used.ru_maxrss) / 1024;
}

void measure(const workload& w) {
  auto s = four_parameters();
  s.scheduler = {w.scheduler,
                 boost::json::parse({w.options.data(), w.options.size()}).get_object()};
  s.stop.push_back({"training_iteration", stop_rule::side::at_least, w.epochs});
  const auto start = std::chrono::steady_clock::now();
  const auto decides = make_correctable_scheduler(s);
  random_searcher suggests{s};
  const auto curve = make_parametric_curve("crossing", s);
  const auto came_to = simulate({s, w.trials, 10'000}, *decides, suggests, *curve);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  if (came_to.trials_waiting > 0) std::exit(1);
  std::printf("%-10s %6llu trials %8llu epochs  %6.2f s  %9.0f epochs/s  %6.0f MB\n", w.scheduler,
              static_cast<unsigned long long>(w.trials),
              static_cast<unsigned long long>(came_to.iterations), took.count(),
              static_cast<double>(came_to.iterations) / took.count(), peak_rss_mb());
}

std::vector<double> ranks(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, {}, [&](std::size_t i) { return values[i]; });
  std::vector<double> ranks(values.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    ranks[order[i]] = static_cast<double>(i);
  return ranks;
}

/// Spearman's coefficient.
double rank_correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const auto ra = ranks(a), rb = ranks(b);
  const double middle = static_cast<double>(a.size() - 1) / 2;
  double both = 0, one = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    both += (ra[i] - middle) * (rb[i] - middle);
    one += (ra[i] - middle) * (ra[i] - middle);
  }
  return both / one;
}

/// Prints how the values of 2000 random configurations that do not diverge at epochs 1, 3, 9 and 27
/// correlate with those at epoch 81.
void correlate(std::string_view family) {
  auto s = four_parameters();
  s.stop.push_back({"training_iteration", stop_rule::side::at_least, 81});
  const auto curve = make_parametric_curve(family, s);
  std::vector<std::vector<double>> values(82);
  for (trial_number n = 0; values[81].size() < 2000; ++n) {
    const auto c = sample(s.space, 0, n);
    if (param<double>(c, "lr") > 0.3) continue;
    const auto train = curve->begin(n, c);
    for (training_state state; state.iteration < 81;) {
      const auto report = std::get<training_report>(train->next(state).outcome);
      state = report.after;
      values[static_cast<std::size_t>(state.iteration)].push_back(*report.metrics.find("loss"));
    }
  }
  std::printf("%-12s", std::string{family}.c_str());
  for (const std::size_t t : {1, 3, 9, 27})
    std::printf("  %5.2f", rank_correlation(values[t], values[81]));
  std::printf("\n");
}

} // namespace

int main() {
  for (const auto& w : workloads)
    measure(w);
  std::printf("\nrank correlation of epochs 1, 3, 9, 27 with 81\n");
  for (const auto& family : curve_families())
    correlate(family.name);
}
