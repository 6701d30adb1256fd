#include "search/pruner_kit.hpp"
#include "search/scheduler_kit.hpp"
#include "search/schedulers/pruning_scheduler.hpp"

using namespace troupe;

namespace {

/// Larger is better; one completed trial is enough to be judged by.
const study by_median = scheduled_study("optuna_median", R"({"n_startup_trials": 1})");

} // namespace

TEST_CASE("a pruning scheduler runs trials in order and stops those that its rule prunes") {
  scheduler_driver s{by_median};
  for (const trial_number n : {2u, 0u, 1u})
    s->added(n);
  CHECK(s->choose() == 2u);
  CHECK(s->choose() == 0u);
  CHECK(s.report(2, 1, 5) == verdict::proceed);
  s.complete(2, 1, 5);
  const auto d = s->reported(0, {1, 4});
  CHECK(d.verdict == verdict::stop);
  CHECK(d.reason == "optuna_median: best value 4 is worse than 5 (best 50 % of 1 trial) at step 1");
  CHECK(d.also_stop.empty());
  s.complete(0, 1, 4);
  CHECK(s->choose() == 1u);
  CHECK(s.report(1, 1, 5) == verdict::proceed);
  CHECK_FALSE(s->choose());
}

TEST_CASE("a trial that was stopped does not count as completed") {
  scheduler_driver s{by_median};
  for (const trial_number n : {0u, 1u, 2u})
    s.start(n);
  s.complete(0, 1, 5);
  CHECK(s.report(1, 1, 1) == verdict::stop);
  s.complete(1, 1, 1);
  CHECK(s.report(2, 1, 4) == verdict::stop); // the median is 5, not 3
}

TEST_CASE("a trial that ends with NaN, has failed, was removed or never reported does not count") {
  scheduler_driver s{by_median};
  for (const trial_number n : {0u, 1u, 2u, 3u, 4u})
    s.start(n);
  s.report(0, 1, 5);
  s.complete(0, 2, nan_value);
  s.report(1, 1, 5);
  s->failed(1);
  s->completed(2, std::nullopt);
  s.report(3, 1, 5);
  s->removed(3);
  CHECK(s.report(4, 1, 1) == verdict::proceed);
}

TEST_CASE("a last value that was not reported counts; one that was is not judged again") {
  const auto halving = R"({"min_resource": 1, "reduction_factor": 2})";
  scheduler_driver s{scheduled_study("optuna_successive_halving", halving)};
  for (const trial_number n : {0u, 1u, 2u})
    s.start(n);
  s.report(0, 1, 5);
  s.complete(0, 1, 5);
  s.complete(1, 1, 6);
  CHECK(s.report(2, 1, 5) == verdict::stop); // third of 5, 6, 5; without trial 1 first of two
}

TEST_CASE("a trial that is tried again keeps its reports up to where it goes on") {
  const auto patient = scheduled_study("patient", R"({"patience": 1})");
  scheduler_driver s{patient};
  s.start(0);
  s.report(0, 1, 3);
  s.report(0, 2, 9);
  s->failed(0);
  s->added(0);
  CHECK(s->choose() == 0u);
  CHECK(s.report(0, 2, 1) == verdict::proceed);
  CHECK(s.report(0, 3, 1) == verdict::stop); // worse than 3; 9 is forgotten, and would count before
  s->failed(0);
  s->added(0);
  s->choose();
  CHECK(s.report(0, 1, 0) == verdict::proceed);
  CHECK(s.report(0, 2, -1) == verdict::proceed);
  CHECK(s.report(0, 3, -1) == verdict::stop);
}

TEST_CASE("a wilcoxon trial enters with the mean of its reports") {
  scheduler_driver s{scheduled_study("wilcoxon", R"({"p_threshold": 0.3})")};
  for (const trial_number n : {0u, 1u, 2u})
    s.start(n);
  s.report(0, 1, 9);
  s.report(0, 2, 7);
  s.complete(0, 2, 7);
  s.report(1, 1, 0);
  s.report(1, 2, 8); // the better last value, the worse mean
  s.complete(1, 2, 8);
  s.report(2, 1, 1);
  CHECK(s.report(2, 2, 2) == verdict::stop);
}

TEST_CASE("a time's fraction is no part of the step, and times that are no steps are refused") {
  scheduler_driver s{by_median};
  s.start(0);
  s.start(1);
  s.complete(0, 1.9, 5);
  CHECK(s.report(1, 1.2, 4) == verdict::stop);
  CHECK_THROWS_WITH_AS(s.report(1, -1, 4), "a pruning rule needs times from 0 to 2^53; found -1",
                       std::invalid_argument);
  CHECK_THROWS_AS(s.report(1, nan_value, 4), std::invalid_argument);
}

TEST_CASE("a verdict that is corrected decides whether the trial counts") {
  pruning_scheduler s{by_median};
  for (const trial_number n : {0u, 1u, 2u, 3u}) {
    s.added(n);
    s.choose();
  }
  s.completed(0, result{1, 5});
  CHECK(s.reported(1, {1, 1}).verdict == verdict::stop);
  s.correct(1, trial_state::running); // it goes on
  s.completed(1, result{2, 1});
  CHECK(s.reported(2, {1, 3}).verdict == verdict::proceed); // the median of 1 and 5
  CHECK(s.reported(2, {2, 3}).verdict == verdict::proceed);
  s.correct(2, trial_state::running); // it was stopped
  s.completed(2, result{2, 3});
  CHECK(s.reported(3, {2, 2}).verdict == verdict::proceed); // worse than 3, had trial 2 counted
}

TEST_CASE("a pruning scheduler refuses what its rule refuses") {
  CHECK_THROWS_WITH_AS(make_scheduler(scheduled_study("threshold")),
                       "threshold: needs lower or upper, a number each", std::invalid_argument);
}
