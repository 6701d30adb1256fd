#include "search/simulation_kit.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <string_view>

using namespace troupe;

namespace {

struct schedule {
  std::string_view name, options;
};

constexpr schedule early_stopping[] = {
    {"asha", R"({"max_t": 81, "grace_period": 3, "reduction_factor": 3})"},
    {"hyperband", R"({"max_t": 81})"},
    // If it required more, trials would pause for want of others, and new ones would come first.
    {"median",
     R"({"time_attr": "training_iteration", "grace_period": 9, "min_samples_required": 0})"},
};

study with(const schedule& by, std::uint64_t seed = 0) {
  auto s = simulated_study(by.name, by.options);
  s.stop.push_back({"training_iteration", stop_rule::side::at_least, 81});
  s.seed = seed;
  return s;
}

/// Returns how many iterations the study needs on the average of 10 seeds until a trial reports
/// `target`, which it must.
double iterations_to(double target, const schedule& by) {
  double sum = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const auto s = simulate_random(with(by, seed), 600, 16, "crossing");
    std::optional<std::uint64_t> reached;
    for (const auto& i : s.improvements)
      if (!reached && i.value <= target) reached = i.iterations;
    REQUIRE(reached);
    sum += static_cast<double>(*reached);
  }
  return sum / 10;
}

} // namespace

TEST_CASE("early stopping reaches a target with far fewer iterations, on crossing curves too") {
  const double fifo = iterations_to(0.17, {"fifo", "{}"});
  for (const auto& by : early_stopping) {
    CAPTURE(by.name);
    CHECK(iterations_to(0.17, by) < 0.7 * fifo);
  }
}

TEST_CASE("a simulation repeats itself bit for bit") {
  for (const auto& by : early_stopping) {
    CAPTURE(by.name);
    const auto once = simulate_random(with(by), 100, 7, "crossing");
    const auto again = simulate_random(with(by), 100, 7, "crossing");
    CHECK(once.makespan_ns == again.makespan_ns);
    CHECK(once.idle_share == again.idle_share);
    CHECK(once.iterations == again.iterations);
    REQUIRE(once.improvements.size() == again.improvements.size());
    for (std::size_t i = 0; i < once.improvements.size(); ++i) {
      CHECK(once.improvements[i].at_ns == again.improvements[i].at_ns);
      CHECK(once.improvements[i].value == again.improvements[i].value);
    }
    REQUIRE(once.results.trials.size() == again.results.trials.size());
    for (std::size_t n = 0; n < once.results.trials.size(); ++n) {
      CHECK(once.results.trials[n].reason == again.results.trials[n].reason);
      CHECK(once.results.trials[n].iterations == again.results.trials[n].iterations);
    }
  }
}

TEST_CASE("all trials come to an end, with as many workers as there may be") {
  for (const auto& by : early_stopping)
    for (const std::uint32_t workers : {1U, 16U, 300U}) {
      CAPTURE(by.name);
      CAPTURE(workers);
      const auto s = simulate_random(with(by), 150, workers, "crossing");
      CHECK(s.results.trials.size() == 150);
      CHECK(s.trials_waiting == 0);
      CHECK(s.trials_stopped > 75);
      CHECK(s.iterations < 150 * 81 / 2);
      CHECK(s.idle_share >= 0);
      CHECK(s.idle_share < 1);
    }
}

TEST_CASE("trials of HyperBand that would wait for ever, as with Ray Tune, are ended") {
  const schedule ray{"hyperband", R"({"max_t": 81, "compat": "ray"})"};
  std::size_t stranded = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const auto s = simulate_random(with(ray, seed), 150, 4, "crossing");
    CHECK(s.trials_waiting == 0);
    for (const auto& t : s.results.trials)
      stranded += t.reason.find("nobody else is left to run") != std::string::npos ? 1 : 0;
  }
  CHECK(stranded > 0);
}

TEST_CASE("a population of PBT comes further than the same trials on their own") {
  const schedule pbt{"pbt", R"({"time_attr": "training_iteration", "perturbation_interval": 9,
    "hyperparam_mutations": {"lr": {"loguniform": [1e-5, 1]}, "momentum": {"uniform": [0, 0.99]},
      "optimizer": ["sgd", "adam", "lion"]}})"};
  double alone = 0, together = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    alone +=
        simulate_random(with({"fifo", "{}"}, seed), 16, 4, "crossing").improvements.back().value;
    together += simulate_random(with(pbt, seed), 16, 4, "crossing").improvements.back().value;
  }
  CHECK(together < alone - 10 * 0.015);
}
