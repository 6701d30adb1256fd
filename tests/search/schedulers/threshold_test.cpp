#include "search/pruner_kit.hpp"

using namespace troupe;

TEST_CASE("a value outside the bounds prunes, one at a bound does not") {
  rule_driver rule{"threshold", R"({"lower": 0, "upper": 2.5})"};
  CHECK_FALSE(rule.prunes(0, 1, 0));
  CHECK_FALSE(rule.prunes(0, 2, 2.5));
  CHECK(rule.report(0, 3, 2.6).reason == "threshold: 2.6 is above 2.5 at step 3");
  CHECK(rule.report(0, 4, -1).reason == "threshold: -1 is below 0 at step 4");
  CHECK(rule.report(0, 5, nan_value).reason == "threshold: NaN at step 5");
  CHECK_FALSE(rule.prunes(0, 6, 1));
}

TEST_CASE("a bound that is null is none") {
  rule_driver upper{"threshold", R"({"lower": null, "upper": 1})", direction::max};
  CHECK_FALSE(upper.prunes(0, 1, -infinite));
  CHECK(upper.prunes(0, 2, infinite));
  rule_driver lower{"threshold", R"({"lower": 1})"};
  CHECK(lower.prunes(0, 1, -infinite));
  CHECK_FALSE(lower.prunes(0, 2, infinite));
}

TEST_CASE("the bounds hold at the first report of each interval after the warm-up") {
  rule_driver rule{"threshold", R"({"upper": 0, "n_warmup_steps": 2, "interval_steps": 3})"};
  std::vector<std::int64_t> pruned;
  for (std::int64_t step = 0; step <= 9; ++step)
    if (rule.prunes(0, step, 1)) pruned.push_back(step);
  CHECK(pruned == std::vector<std::int64_t>{2, 5, 8});
}

TEST_CASE("the value at the highest step counts, whichever arrived last") {
  rule_driver rule{"threshold", R"({"upper": 0})"};
  CHECK(rule.prunes(0, 5, 1));
  CHECK(rule.prunes(0, 3, -1));
  CHECK_FALSE(rule.prunes(0, 6, -1));
}

TEST_CASE("options of threshold are checked") {
  CHECK(rule_refusal("threshold", "{}") == "threshold: needs lower or upper, a number each");
  CHECK(rule_refusal("threshold", R"({"lower": "a"})") ==
        R"(threshold: lower: must be null or a number; found the text "a")");
  CHECK(rule_refusal("threshold", R"({"lower": 2, "upper": 1})") ==
        "threshold: lower: must not be above upper, 1");
}
