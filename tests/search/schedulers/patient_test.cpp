#include "search/pruner_kit.hpp"

using namespace troupe;

TEST_CASE("alone, patience runs out when no report since is as good as the best before") {
  rule_driver rule{"patient", R"({"patience": 2})"};
  CHECK_FALSE(rule.prunes(0, 1, 1));
  CHECK_FALSE(rule.prunes(0, 2, 2));
  CHECK_FALSE(rule.prunes(0, 3, 2));
  CHECK(rule.report(0, 4, 2).reason == "patient: no better for 3 reports at step 4");
  CHECK_FALSE(rule.prunes(0, 5, 1)); // as good is good enough
  CHECK_FALSE(rule.prunes(0, 6, 2));
}

TEST_CASE("min_delta forgives reports that are worse by no more than that") {
  for (const auto mode : {direction::min, direction::max}) {
    const double sign = mode == direction::min ? 1 : -1;
    rule_driver rule{"patient", R"({"patience": 0, "min_delta": 0.5})", mode};
    rule.prunes(0, 1, sign * 1);
    CHECK_FALSE(rule.prunes(0, 2, sign * 1.5));
    CHECK(rule.prunes(0, 3, sign * 1.75));
  }
}

TEST_CASE("reports count in the order of their steps") {
  rule_driver rule{"patient", R"({"patience": 0})"};
  rule.prunes(0, 5, 1);
  CHECK_FALSE(rule.prunes(0, 2, 3));
  CHECK(rule.prunes(0, 1, 0));
}

TEST_CASE("NaN is left out, and alone on a side lets the trial go on") {
  rule_driver rule{"patient", R"({"patience": 1})"};
  rule.prunes(0, 1, nan_value);
  CHECK_FALSE(rule.prunes(0, 2, 9));
  CHECK_FALSE(rule.prunes(0, 3, 9)); // before: NaN
  rule.prunes(1, 1, 1);
  rule.prunes(1, 2, nan_value);
  CHECK_FALSE(rule.prunes(1, 2, nan_value));
  CHECK_FALSE(rule.prunes(1, 3, nan_value)); // since: NaN, NaN
  CHECK(rule.prunes(1, 4, 2));               // since: NaN, 2
}

TEST_CASE("the other rule is asked only without patience, and hears of completed trials") {
  rule_driver rule{"patient", R"({"patience": 0, "wrapped_pruner":
      {"name": "optuna_median", "n_startup_trials": 1}})"};
  rule.prunes(1, 1, 1);
  CHECK_FALSE(rule.prunes(1, 2, 2)); // the median has no trial yet
  rule.complete(0, {3, 3, 3, 3, 3}, 3);
  CHECK_FALSE(rule.prunes(2, 1, 9)); // no patience lost
  CHECK(rule.report(2, 2, 10).reason.starts_with("optuna_median: "));
  CHECK_FALSE(rule.prunes(3, 1, 1));
  CHECK_FALSE(rule.prunes(3, 2, 2)); // the median lets it go on
}

TEST_CASE("a wrapped halving records trials only when they are out of patience") {
  rule_driver rule{"patient", R"({"patience": 0, "wrapped_pruner":
      {"name": "optuna_successive_halving", "min_resource": 1}})"};
  rule.prunes(0, 1, 1);
  rule.prunes(0, 2, 0);
  CHECK_FALSE(rule.prunes(1, 1, 5));
  CHECK_FALSE(rule.prunes(1, 2, 6)); // the first at the rung of step 1
  CHECK_FALSE(rule.prunes(0, 3, 1)); // better than that
  CHECK_FALSE(rule.prunes(2, 1, 7));
  CHECK(rule.prunes(2, 2, 8));
}

TEST_CASE("options of patient are checked") {
  CHECK(rule_refusal("patient", R"({"wrapped_pruner": null})") ==
        "patient: patience: is missing; it says for how many reports to wait for a better one");
  CHECK(rule_refusal("patient", R"({"patience": -1})") ==
        "patient: patience: must be a whole number of at least 0; found -1");
  CHECK(rule_refusal("patient", R"({"patience": 1, "min_delta": -0.5})") ==
        "patient: min_delta: must be a number of at least 0; found -0.5");
  CHECK(rule_refusal("patient", R"({"patience": 1, "wrapped_pruner": "optuna_median"})")
            .starts_with("patient: wrapped_pruner: must be null or an object"));
  CHECK(
      rule_refusal("patient", R"({"patience": 1, "wrapped_pruner": {"name": "asha"}})")
          .starts_with(R"(patient: wrapped_pruner/name: unknown wrapped_pruner "asha"; known: )"));
  CHECK(rule_refusal("patient",
                     R"({"patience": 1, "wrapped_pruner": {"name": "threshold", "upper": "x"}})") ==
        R"(patient: wrapped_pruner/upper: must be null or a number; found the text "x")");
}
