#include "search/scheduler_kit.hpp"
#include "search/schedulers/gain_model.hpp"
#include "search/schedulers/pb2.hpp"

#include <troupe/config.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace troupe;

namespace {

/// What a trial gains in its next unit of time: most with h at a place that moves.
double gain(double h, double time) {
  const double best = 0.2 + 0.6 * time / 40;
  return std::exp(-20 * (h - best) * (h - best));
}

struct member {
  double h, time = 0, reward = 0;
};

/// Returns the best reward of four trials at time 40, that begin with h from 0 to 0.3.
double best_of_four(std::string_view scheduler, std::string_view options, std::uint64_t seed) {
  auto s = scheduled_study(scheduler, options);
  s.seed = seed;
  scheduler_driver decides{s};
  std::vector<member> all;
  for (trial_number n = 0; n < 4; ++n) {
    all.push_back({0.1 * n});
    decides->configured(n, {{"h", all[n].h}});
    decides.start(n);
  }
  const auto earlier = [](const member& a, const member& b) { return a.time < b.time; };
  for (;;) {
    const auto next = std::min_element(all.begin(), all.end(), earlier);
    if (next->time >= 40) break;
    next->reward += gain(next->h, next->time++);
    const auto n = static_cast<trial_number>(next - all.begin());
    const auto d = decides->reported(n, {next->time, next->reward});
    for (const auto& e : d.exploits) {
      const double h = e.config.at("h").to_number<double>();
      all[e.trial] = {h, all[e.donor].time, all[e.donor].reward};
    }
    if (d.verdict == verdict::pause) CHECK(decides->choose() == n);
  }
  double best = 0;
  for (const auto& m : all)
    best = std::max(best, m.reward);
  return best;
}

constexpr auto bounded = R"({"perturbation_interval": 1, "hyperparam_bounds": {"h": [0, 1]}})";

/// Trials 0 and 1 have reported twice; returns with what the worse one goes on from the other.
config second_exploit(std::string_view bounds, const config& first, const config& other,
                      std::uint64_t seed = 0) {
  auto s = scheduled_study("pb2", std::string{R"({"perturbation_interval": 1, )"} +
                                      R"("hyperparam_bounds": )" + std::string{bounds} + "}");
  s.seed = seed;
  scheduler_driver d{s};
  for (const trial_number n : {0, 1}) {
    d->configured(n, n == 0 ? first : other);
    d.start(n);
  }
  d->reported(1, {1, 5});
  const auto early = d->reported(0, {1, 0});
  REQUIRE(early.exploits.size() == 1);
  CHECK(early.exploits[0].config == other); // nothing is known yet
  d->choose();
  d->reported(1, {2, 9});
  const auto later = d->reported(0, {2, 5});
  REQUIRE(later.exploits.size() == 1);
  CHECK(later.reason.starts_with("pb2: trial 00000 is among the worst 25 % at time_total_s 2"));
  return later.exploits[0].config;
}

} // namespace

TEST_CASE("pb2 follows what is best as it moves, where pbt's factors and draws come less far") {
  double bandits = 0;
  double draws = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const double best = best_of_four("pb2", bounded, seed);
    CHECK(best > 37); // of 40
    bandits += best;
    draws += best_of_four(
        "pbt",
        R"({"perturbation_interval": 1, "hyperparam_mutations": {"h": {"uniform": [0, 1]}}})",
        seed);
  }
  CHECK(bandits > 1.05 * draws);
}

TEST_CASE("pb2 decides the same every time") {
  CHECK(best_of_four("pb2", bounded, 3) == best_of_four("pb2", bounded, 3));
}

TEST_CASE("pb2 takes over what the donor has until that has gained something, then keeps bounds") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const auto c = second_exploit(R"({"lr": [0.2, 0.3], "net": {"width": [7.5, 12.2]}})",
                                  {{"lr", 0.9}, {"net", {{"width", 8}}}, {"seed", 1}},
                                  {{"lr", 0.25}, {"net", {{"width", 64}}}, {"seed", 2}}, seed);
    CHECK(c.at("lr").as_double() >= 0.2);
    CHECK(c.at("lr").as_double() <= 0.3);
    const auto width = c.at("net").at("width").as_int64();
    CHECK(width >= 8);
    CHECK(width <= 12);
    CHECK(c.at("seed") == 2);
  }
}

TEST_CASE("pb2 leaves a configuration alone that lacks one of the parameters") {
  const config other{{"x", 1.0}};
  CHECK(second_exploit(R"({"lr": [0.2, 0.3]})", {{"lr", 0.9}}, other) == other);
}

TEST_CASE("the most promising settings are where gains were large") {
  std::vector<gain_record> data;
  for (int i = 0; i <= 20; ++i) {
    const double x = i / 20.0;
    data.push_back({0, 1.0 * (i % 3), 1.0 * (i % 4), {x}, 3 - 10 * (x - 0.7) * (x - 0.7)});
  }
  random_stream random{0, 0, "test"};
  const auto best = most_promising(data, 2, 2, {}, random);
  REQUIRE(best.size() == 1);
  CHECK(best[0] == doctest::Approx(0.7).epsilon(0.1));
}

TEST_CASE("gains that are all the same, or one alone, do no harm") {
  random_stream random{0, 0, "test"};
  for (const std::size_t count : {1, 5}) {
    const std::vector<gain_record> data(count, {0, 1, 1, {0.5, 0.5}, 2});
    for (const double x : most_promising(data, 1, 1, {{0.5, 0.5}, {0.5, 0.5}}, random)) {
      CHECK(x >= 0);
      CHECK(x <= 1);
    }
  }
}

TEST_CASE("options of pb2 that make no sense are refused by name") {
  const auto refusal = [](std::string_view options) -> std::string {
    try {
      make_scheduler(scheduled_study("pb2", options));
    } catch (const std::invalid_argument& e) {
      return e.what();
    }
    return "none";
  };
  CHECK(refusal(bounded) == "none");
  CHECK(refusal(R"({"hyperparam_bounds": {"h": [1, 0]}})") ==
        "pb2: hyperparam_bounds/h: must be [low, high], two numbers, low < high; found [1, 0]");
  CHECK(refusal(R"({"hyperparam_bounds": {}})")
            .starts_with("pb2: hyperparam_bounds: must name what to change"));
  CHECK(refusal("{}") != "none");
  CHECK(refusal(R"({"hyperparam_bounds": {"h": [0, 1]}, "resample_probability": 0.5})")
            .starts_with("pb2: resample_probability: unknown key"));
}
