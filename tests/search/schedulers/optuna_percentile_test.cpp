#include "search/pruner_kit.hpp"

using namespace troupe;

TEST_CASE("a trial worse than the median of completed ones at its step is pruned") {
  rule_driver median{"optuna_median", R"({"n_startup_trials": 3})"};
  median.complete(0, {1, 10});
  median.complete(1, {2, 20});
  median.complete(2, {3, 30});
  CHECK_FALSE(median.prunes(3, 1, 2.0));
  CHECK(median.report(4, 1, 2.1).reason ==
        "optuna_median: best value 2.1 is worse than 2 (best 50 % of 3 trials) at step 1");
  CHECK_FALSE(median.prunes(5, 2, 20.0));
  CHECK(median.prunes(6, 2, 20.1));
}

TEST_CASE("the best value so far is what is compared, not the last") {
  rule_driver median{"optuna_median", R"({"n_startup_trials": 1})"};
  median.complete(0, {5, 4, 3});
  CHECK_FALSE(median.prunes(1, 1, 2));
  CHECK_FALSE(median.prunes(1, 2, 100));
  CHECK_FALSE(median.prunes(1, 3, 100));
  CHECK(median.prunes(2, 3, 100));
}

TEST_CASE("under mode max the percentile is counted from the other end") {
  const auto options = R"({"percentile": 25, "n_startup_trials": 4})";
  rule_driver best{"optuna_percentile", options, direction::max};
  for (const trial_number n : {0u, 1u, 2u, 3u, 4u})
    best.complete(n, {static_cast<double>(n)});
  CHECK_FALSE(best.prunes(5, 1, 3));
  CHECK(best.prunes(6, 1, 2.99));
}

TEST_CASE("percentile 100 keeps all that are no worse than the worst, 0 only the best") {
  rule_driver all{"optuna_percentile", R"({"percentile": 100, "n_startup_trials": 0})"};
  rule_driver one{"optuna_percentile", R"({"percentile": 0, "n_startup_trials": 0})"};
  for (auto* rule : {&all, &one}) {
    rule->complete(0, {1});
    rule->complete(1, {2});
  }
  CHECK_FALSE(all.prunes(2, 1, 2));
  CHECK(all.prunes(3, 1, 2.5));
  CHECK_FALSE(one.prunes(2, 1, 1));
  CHECK(one.prunes(3, 1, 1.5));
}

TEST_CASE("nobody is pruned before enough trials have completed; pruned and failed ones are none") {
  rule_driver median{"optuna_median", R"({"n_startup_trials": 2})"};
  median.complete(0, {1});
  median.report(1, 1, 1);
  median.forget(1);
  CHECK_FALSE(median.prunes(2, 1, 9));
  median.complete(3, {});
  CHECK(median.prunes(4, 1, 9));
}

TEST_CASE("even without start-up trials one must have completed") {
  rule_driver median{"optuna_median", R"({"n_startup_trials": 0})"};
  CHECK_FALSE(median.prunes(0, 1, nan_value));
  median.complete(1, {});
  CHECK(median.prunes(0, 2, nan_value));
}

TEST_CASE("nobody is pruned at a step that too few completed trials have reported") {
  rule_driver median{"optuna_median", R"({"n_startup_trials": 0, "n_min_trials": 2})"};
  median.complete(0, {1, 1});
  median.complete(1, {nan_value});
  CHECK(median.prunes(2, 1, 9)); // NaN counts
  CHECK_FALSE(median.prunes(3, 2, 9));
  CHECK_FALSE(median.prunes(4, 7, 9));
}

TEST_CASE("NaN: left out of the percentile and of the best value, alone it prunes") {
  rule_driver median{"optuna_median", R"({"n_startup_trials": 0})"};
  median.complete(0, {nan_value, nan_value});
  median.complete(1, {3});
  CHECK_FALSE(median.prunes(2, 1, 3));
  CHECK_FALSE(median.prunes(2, 2, 9)); // nothing but NaN to compare with
  CHECK(median.prunes(3, 1, nan_value));
  CHECK_FALSE(median.prunes(3, 2, 2));
}

TEST_CASE("trials are judged once in each interval after the warm-up") {
  rule_driver median{"optuna_median",
                     R"({"n_startup_trials": 0, "n_warmup_steps": 3, "interval_steps": 4})"};
  median.complete(0, std::vector<double>(20, 1.0));
  std::vector<std::int64_t> pruned;
  for (std::int64_t step = 1; step <= 12; ++step)
    if (median.prunes(1, step, 9)) pruned.push_back(step);
  CHECK(pruned == std::vector<std::int64_t>{3, 7, 11});
  CHECK_FALSE(median.prunes(2, 2, 9));
  CHECK(median.prunes(2, 9, 9)); // the check of step 7 was put off until there was a report
  CHECK_FALSE(median.prunes(2, 10, 9));
  CHECK(median.prunes(2, 12, 9));
}

TEST_CASE("the highest step counts, and the first value of a step") {
  rule_driver median{"optuna_median", R"({"n_startup_trials": 0})"};
  median.complete(0, {1, 2, 3});
  CHECK(median.prunes(1, 3, 4));
  CHECK(median.prunes(1, 2, 3.5));
  CHECK(median.prunes(1, 3, 0));
  CHECK_FALSE(median.prunes(1, 1, 3));
}

TEST_CASE("options of the percentile rule are checked") {
  CHECK(rule_refusal("optuna_percentile", "{}") ==
        "optuna_percentile: percentile: is missing; it says how many percent of the trials are "
        "good enough");
  CHECK(rule_refusal("optuna_percentile", R"({"percentile": 101})") ==
        "optuna_percentile: percentile: must be a number from 0 to 100; found 101");
  CHECK(rule_refusal("optuna_median", R"({"percentile": 50})") ==
        "optuna_median: percentile: unknown key; known: name, n_startup_trials, n_warmup_steps, "
        "interval_steps, n_min_trials");
  CHECK(rule_refusal("optuna_median", R"({"interval_steps": 0})") ==
        "optuna_median: interval_steps: must be a whole number of at least 1; found 0");
  CHECK(rule_refusal("optuna_median", R"({"n_startup_trials": -1})") ==
        "optuna_median: n_startup_trials: must be a whole number of at least 0; found -1");
  CHECK(rule_refusal("optuna_mean", "{}") == "unknown pruning rule \"optuna_mean\"");
}
