#include "search/pruner_kit.hpp"

using namespace troupe;

TEST_CASE("while too few have arrived for a share, only the best at a rung so far goes on") {
  rule_driver halving{"optuna_successive_halving", R"({"min_resource": 1, "reduction_factor": 4})"};
  CHECK_FALSE(halving.prunes(0, 1, 5));
  CHECK_FALSE(halving.prunes(1, 1, 4));
  CHECK(halving.prunes(2, 1, 4.5));
  CHECK_FALSE(halving.prunes(3, 1, 4)); // as good as the best
}

TEST_CASE("the best n / reduction_factor of all at a rung go on, the trial itself included") {
  rule_driver halving{"optuna_successive_halving", R"({"min_resource": 1, "reduction_factor": 2})"};
  halving.prunes(0, 1, 1);
  halving.prunes(1, 1, 2);
  halving.prunes(2, 1, 3);
  CHECK_FALSE(halving.prunes(3, 1, 1.5)); // second of four
  CHECK(halving.report(4, 1, 1.7).reason ==
        "optuna_successive_halving: 1.7 is worse than 1.5 (best 2 of 5 trials) at step 1");
  CHECK_FALSE(halving.prunes(5, 1, 1.6)); // third of six
}

TEST_CASE("under mode max larger is better") {
  rule_driver halving{"optuna_successive_halving", R"({"min_resource": 1})", direction::max};
  CHECK_FALSE(halving.prunes(0, 1, 5));
  CHECK(halving.report(1, 1, 4).reason ==
        "optuna_successive_halving: 4 is worse than 5 (best 1 of 2 trials) at step 1");
  CHECK_FALSE(halving.prunes(2, 1, infinite));
}

TEST_CASE("rungs are powers of the factor, above those that are left out") {
  rule_driver halving{
      "optuna_successive_halving",
      R"({"min_resource": 2, "reduction_factor": 3, "min_early_stopping_rate": 1})"};
  for (std::int64_t step = 1; step <= 54; ++step)
    halving.prunes(0, step, 0);
  std::vector<std::int64_t> pruned;
  for (std::int64_t step = 1; step <= 54; ++step)
    if (halving.prunes(1, step, 1)) pruned.push_back(step);
  CHECK(pruned == std::vector<std::int64_t>{6, 18, 54});
}

TEST_CASE("a trial that skips rungs is judged at each of them until one prunes it") {
  const auto options = R"({"min_resource": 1, "reduction_factor": 2})";
  rule_driver halving{"optuna_successive_halving", options};
  CHECK_FALSE(halving.prunes(0, 4, 5)); // recorded at 1, 2 and 4
  CHECK(halving.prunes(1, 1, 6));
  CHECK(halving.prunes(2, 2, 7)); // at 1; at 2 only next time
  CHECK(halving.prunes(2, 3, 7));
  CHECK_FALSE(halving.prunes(2, 3, 7)); // rung 4 is not reached
  CHECK_FALSE(halving.prunes(3, 4, 4));
}

TEST_CASE("what is recorded stays when its trial has been pruned, has failed or completed") {
  rule_driver halving{"optuna_successive_halving", R"({"min_resource": 1})"};
  halving.prunes(0, 1, 1);
  halving.forget(0);
  CHECK(halving.prunes(1, 1, 2));
}

TEST_CASE("NaN at a rung prunes and is not recorded; between rungs it does nothing") {
  rule_driver halving{"optuna_successive_halving", R"({"min_resource": 2, "reduction_factor": 2})"};
  CHECK_FALSE(halving.prunes(0, 1, nan_value));
  CHECK(halving.report(0, 2, nan_value).reason == "optuna_successive_halving: NaN at step 2");
  CHECK_FALSE(halving.prunes(0, 3, 5)); // at the rung of step 2, as its first
  CHECK(halving.prunes(1, 2, 6));
}

TEST_CASE("the first bootstrap_count trials at a rung are pruned there") {
  rule_driver halving{"optuna_successive_halving", R"({"min_resource": 1, "bootstrap_count": 2})"};
  CHECK(halving.report(0, 1, 1).reason == "optuna_successive_halving: among the first 2 at step 1");
  CHECK(halving.prunes(1, 1, 0));
  CHECK_FALSE(halving.prunes(2, 1, -1));
}

TEST_CASE("min_resource \"auto\" is a hundredth of the longest completed trial, found once") {
  rule_driver halving{"optuna_successive_halving"};
  CHECK_FALSE(halving.prunes(0, 1000, 1));
  halving.complete(1, std::vector<double>(250, 1.0));
  halving.complete(2, std::vector<double>(399, 1.0));
  CHECK_FALSE(halving.prunes(3, 2, 1));
  CHECK_FALSE(halving.prunes(3, 3, 1)); // recorded here
  halving.complete(4, std::vector<double>(5000, 1.0));
  CHECK_FALSE(halving.prunes(5, 2, 9));
  CHECK(halving.prunes(5, 3, 9));
}

TEST_CASE("a ladder whose steps no integer can count has no more rungs") {
  rule_driver halving{"optuna_successive_halving",
                      R"({"min_resource": 4000000000, "min_early_stopping_rate": 4000000000})"};
  CHECK_FALSE(halving.prunes(0, std::int64_t{1} << 53, 1));
}

TEST_CASE("options of successive halving are checked") {
  const auto refusal = [](std::string_view options) {
    return rule_refusal("optuna_successive_halving", options);
  };
  CHECK(
      refusal(R"({"min_resource": "small"})") ==
      R"(optuna_successive_halving: min_resource: must be "auto" or a whole number of at least 1; found the text "small")");
  CHECK(
      refusal(R"({"min_resource": 0})") ==
      R"(optuna_successive_halving: min_resource: must be "auto" or a whole number of at least 1; found 0)");
  CHECK(
      refusal(R"({"reduction_factor": 1})") ==
      "optuna_successive_halving: reduction_factor: must be a whole number of at least 2; found 1");
  CHECK(
      refusal(R"({"bootstrap_count": 1})") ==
      R"(optuna_successive_halving: bootstrap_count: above 0 needs a min_resource other than "auto")");
  CHECK(refusal(R"({"min_resource": "auto"})") == "none");
}
