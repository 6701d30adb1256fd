#include "base/json.hpp"
#include "search/scheduler_kit.hpp"
#include "search/schedulers/correctable_scheduler.hpp"
#include "search/schedulers/pbt.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <set>
#include <stdexcept>
#include <string>

using namespace troupe;

namespace {

constexpr auto every_10 =
    R"({"perturbation_interval": 10, "hyperparam_mutations": {"lr": {"uniform": [0, 100]}}})";
constexpr auto together =
    R"({"perturbation_interval": 10, "hyperparam_mutations": {"lr": {"uniform": [0, 1]}},
        "synch": true})";

/// A population of running trials whose configurations are {"lr": number}.
class crowd {
public:
  crowd(std::string_view options, trial_number n, std::uint64_t seed = 0) {
    auto s = scheduled_study("pbt", options);
    s.seed = seed;
    scheduler_ = make_scheduler(s);
    for (trial_number i = 0; i < n; ++i)
      add(i);
  }

  void add(trial_number n) {
    scheduler_->configured(n, {{"lr", 1.0 + n}});
    scheduler_->added(n);
  }

  void start_all() {
    while (scheduler_->choose()) {
    }
  }

  decision report(trial_number n, double time, double value) {
    return scheduler_->reported(n, {time, value});
  }

  scheduler* operator->() { return scheduler_.get(); }

private:
  std::unique_ptr<scheduler> scheduler_;
};

double lr_of(const exploit& e) {
  return e.config.at("lr").as_double();
}

} // namespace

TEST_CASE("one of the worst goes on from one of the best, with a changed configuration") {
  std::set<trial_number> donors;
  std::set<double> factors;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    crowd c{every_10, 5, seed};
    c.start_all();
    for (trial_number n = 1; n < 5; ++n) {
      const auto d = c.report(n, 10, 50.0 * n);
      CHECK(d.verdict == verdict::proceed);
      CHECK(d.exploits.empty());
    }
    const auto d = c.report(0, 10, 0);
    CHECK(d.verdict == verdict::pause);
    REQUIRE(d.exploits.size() == 1);
    CHECK(d.exploits[0].trial == 0);
    const auto donor = d.exploits[0].donor;
    donors.insert(donor);
    const auto factor = lr_of(d.exploits[0]) / (1.0 + donor);
    factors.insert(std::abs(factor - 1.2) < 1e-12 ? 1.2 : std::abs(factor - 0.8) < 1e-12 ? 0.8 : 0);
    CHECK(d.reason ==
          "pbt: trial 00000 is among the worst 25 % at time_total_s 10 and goes on from "
          "trial 0000" +
              std::to_string(donor));
  }
  CHECK(donors == std::set<trial_number>{3, 4});   // ceil(5 / 4) of them
  CHECK(factors == std::set<double>{0, 0.8, 1.2}); // 0: drawn anew
}

TEST_CASE("nobody is looked at before the burn-in period, nor twice in an interval") {
  crowd c{R"({"perturbation_interval": 10, "burn_in_period": 25,
              "hyperparam_mutations": {"lr": [1, 2]}})",
          2};
  c.start_all();
  c.report(1, 20, 100);
  CHECK(c.report(0, 24, 0).exploits.empty()); // and has no score yet
  c.report(1, 25, 100);
  CHECK(c.report(0, 25, 0).exploits.size() == 1);
  c->choose();
  CHECK(c.report(0, 34, 0).exploits.empty());
  CHECK(c.report(0, 35, 0).exploits.size() == 1);
}

TEST_CASE("a trial that takes over is as far as its donor was when it was last looked at") {
  crowd c{every_10, 2};
  c.start_all();
  c.report(1, 10, 100);
  c.report(1, 19, 100);
  CHECK(c.report(0, 30, 0).exploits.size() == 1);
  CHECK(c->choose() == 0u);
  CHECK(c.report(0, 19, 0).exploits.empty()); // looked at when its donor was: at 10
  CHECK(c.report(0, 20, 0).exploits.size() == 1);
}

TEST_CASE("trials pause in turn while others wait, the one furthest behind is next") {
  crowd c{every_10, 3};
  CHECK(c->choose() == 0u);
  CHECK(c.report(0, 5, 1).verdict == verdict::proceed);
  CHECK(c.report(0, 10, 1).verdict == verdict::pause);
  CHECK(c->choose() == 1u);
  CHECK(c.report(1, 12, 1).verdict == verdict::pause);
  CHECK(c->choose() == 2u);
  CHECK(c.report(2, 30, 1).verdict == verdict::pause); // the worst is 0, the first of equals
  CHECK(c->choose() == 0u);
  CHECK(c->choose() == 1u);
  CHECK(c->choose() == 2u);
  CHECK_FALSE(c->choose());
  CHECK(c.report(2, 40, 1).verdict == verdict::proceed);
}

TEST_CASE("a smaller metric is better under mode min") {
  auto s = scheduled_study("pbt", every_10);
  s.mode = direction::min;
  const auto p = make_scheduler(s);
  for (trial_number n = 0; n < 2; ++n) {
    p->configured(n, {{"lr", 1.0}});
    p->added(n);
    p->choose();
  }
  p->reported(0, {10, 5});
  CHECK(p->reported(1, {10, 1}).exploits.empty());
  CHECK(p->reported(0, {20, 5}).exploits.size() == 1);
}

TEST_CASE("a trial that failed begins without a score, with the configuration that it had last") {
  crowd c{every_10, 2};
  c.start_all();
  c.report(1, 10, 100);
  const auto taken = c.report(0, 10, 0).exploits;
  REQUIRE(taken.size() == 1);
  c->choose();
  c->failed(0);
  c->configured(0, taken[0].config);
  c->added(0);
  CHECK(c->choose() == 0u);
  CHECK(c.report(1, 20, 1).exploits.empty()); // nobody to compare with
  c.report(0, 20, 5);
  const auto back = c.report(1, 30, 1).exploits;
  REQUIRE(back.size() == 1);
  CHECK(back[0].donor == 0);
  CHECK(lr_of(back[0]) != lr_of(taken[0]));
}

TEST_CASE("an exploit that came to nothing leaves the configuration as it was") {
  const auto lr_after = [](bool refused) {
    crowd c{R"({"perturbation_interval": 10, "resample_probability": 0, "perturbation_factors": [3],
                "hyperparam_mutations": {"lr": {"uniform": [0, 100]}}})",
            2};
    c.start_all();
    c.report(1, 10, 100);
    c.report(0, 10, 0); // takes 2 × 3
    if (refused) c->configured(0, {{"lr", 1.0}});
    c.report(0, 20, 200);
    const auto d = c.report(1, 20, 0);
    REQUIRE(d.exploits.size() == 1);
    return lr_of(d.exploits[0]);
  };
  CHECK(lr_after(false) == doctest::Approx(18));
  CHECK(lr_after(true) == doctest::Approx(3));
}

TEST_CASE("a changed value stays within its law, and leaves it as in Ray Tune only if asked") {
  const auto lr_taken = [](const std::string& compat) {
    crowd c{R"({"perturbation_interval": 10, "resample_probability": 0, "perturbation_factors": [3],
                "hyperparam_mutations": {"lr": {"loguniform": [0.5, 4]}})" +
                compat + "}",
            2};
    c.start_all();
    c.report(1, 10, 100);
    return lr_of(c.report(0, 10, 0).exploits.at(0)); // from 2
  };
  CHECK(lr_taken("") == doctest::Approx(4));
  CHECK(lr_taken("") <= 4);
  CHECK(lr_taken(R"(, "compat": "ray")") == 6);
}

TEST_CASE("the same calls give the same changes, another seed gives others") {
  const auto run = [](std::uint64_t seed) {
    crowd c{every_10, 4, seed};
    c.start_all();
    std::string said;
    for (int t = 10; t <= 200; t += 10)
      for (trial_number n = 0; n < 4; ++n)
        for (const auto& e : c.report(n, t, n).exploits)
          said += to_text(e.config) + "\n";
    return said;
  };
  CHECK(run(1) == run(1));
  CHECK(run(1) != run(2));
}

TEST_CASE("together, trials wait for the last one; then all of the worst take over at once") {
  crowd c{together, 5};
  c.start_all();
  for (trial_number n = 0; n < 4; ++n) {
    const auto d = c.report(n, 10, 50.0 * n);
    CHECK(d.verdict == verdict::pause);
    CHECK(d.exploits.empty());
  }
  CHECK_FALSE(c->choose());
  const auto d = c.report(4, 12, 200);
  CHECK(d.verdict == verdict::pause);
  REQUIRE(d.exploits.size() == 2);
  CHECK(d.exploits[0].trial == 0);
  CHECK(d.exploits[1].trial == 1);
  for (const auto& e : d.exploits)
    CHECK((e.donor == 3 || e.donor == 4));
  for (int i = 0; i < 5; ++i)
    CHECK(c->choose());
  for (trial_number n = 0; n < 4; ++n)
    CHECK(c.report(n, 21, 0).verdict == verdict::proceed); // looked at when the last came: at 12
}

TEST_CASE("together, whoever ends is not waited for") {
  crowd c{together, 3};
  c.start_all();
  c.report(0, 10, 0);
  c.report(1, 10, 10);
  CHECK_FALSE(c->choose());
  SUBCASE("by failing") {
    c->failed(2);
  }
  SUBCASE("by itself") {
    c->completed(2, {});
  }
  const auto after = c->aftermath();
  REQUIRE(after.size() == 1);
  REQUIRE(after[0].exploits.size() == 1);
  CHECK(after[0].exploits[0].trial == 0);
  CHECK(after[0].exploits[0].donor == 1);
  CHECK(c->aftermath().empty());
  CHECK(c->choose());
  CHECK(c->choose());
}

TEST_CASE("together, trials that all step over the next common time go on") {
  crowd c{together, 2};
  c.start_all();
  c.report(0, 50, 1);
  c.report(1, 50, 2);
  CHECK(c->choose());
  CHECK(c->choose());
}

TEST_CASE("a trial with NaN neither takes over nor gives") {
  crowd c{every_10, 3};
  c.start_all();
  c.report(0, 10, std::nan(""));
  c.report(1, 10, 1);
  CHECK(c.report(0, 20, std::nan("")).exploits.empty());
  const auto d = c.report(2, 10, 0);
  REQUIRE(d.exploits.size() == 1);
  CHECK(d.exploits[0].donor == 1);
}

TEST_CASE("options that make no sense are refused by name") {
  const auto refusal = [](std::string_view options) -> std::string {
    try {
      make_scheduler(scheduled_study("pbt", options));
      return {};
    } catch (const std::invalid_argument& e) {
      return e.what();
    }
  };
  CHECK(refusal("{}").starts_with("pbt: hyperparam_mutations: is missing; it says what to change"));
  CHECK(refusal(R"({"hyperparam_mutations": {"lr": []}})") ==
        "pbt: hyperparam_mutations/lr: must have at least one value");
  CHECK(refusal(R"({"hyperparam_mutations": {"lr": [1]}, "quantile_fraction": 0.6})") ==
        "pbt: quantile_fraction: must be a number from 0 to 0.5; found 0.6");
  CHECK(refusal(R"({"hyperparam_mutations": {"lr": [1]}, "perturbation_interval": 0})") ==
        "pbt: perturbation_interval: must be a number above 0; found 0");
  CHECK(refusal(R"({"hyperparam_mutations": {"lr": [1]}, "perturbation_factors": []})") ==
        "pbt: perturbation_factors: must be a list of numbers, as in [1.2, 0.8]; found []");
  CHECK(refusal(R"({"hyperparam_mutations": {"lr": [1]}, "synchronous": true})")
            .starts_with("pbt: synchronous: unknown key"));
}
