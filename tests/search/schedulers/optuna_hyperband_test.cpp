#include "search/pruner_kit.hpp"

using namespace troupe;

namespace {

/// The brackets of a study's first trials.
std::vector<std::size_t> brackets(rule_driver rule, trial_number count) {
  std::vector<std::size_t> found;
  for (trial_number n = 0; n < count; ++n)
    found.push_back(rule.report(n, 0, 0).bracket.value());
  return found;
}

} // namespace

TEST_CASE("a trial's bracket depends on the study's name and its number") {
  const auto options = R"({"max_resource": 27})";
  // shares: ceil(4 * 27 / 4), ceil(4 * 9 / 3), ceil(4 * 3 / 2), 4
  const auto here = brackets(rule_driver{"optuna_hyperband", options}, 12);
  CHECK(here == std::vector<std::size_t>{1, 0, 1, 0, 0, 1, 1, 0, 0, 3, 1, 2});
  const auto there = brackets(rule_driver{"optuna_hyperband", options, direction::min, "näme"}, 12);
  CHECK(there == std::vector<std::size_t>{0, 0, 0, 0, 1, 2, 0, 0, 1, 0, 2, 0});
}

TEST_CASE("the number of brackets hangs on a floating-point logarithm") {
  // log(243) / log(3) is 4.999…, so there are five brackets, not six
  const auto found = brackets(rule_driver{"optuna_hyperband", R"({"max_resource": 243})"}, 2000);
  CHECK(*std::max_element(found.begin(), found.end()) == 4);
}

TEST_CASE("trials compete within their bracket, whose rungs begin later the higher it is") {
  const auto options = R"({"max_resource": 9})";
  const auto own = brackets(rule_driver{"optuna_hyperband", options}, 40);
  std::vector<std::vector<trial_number>> members(3);
  for (trial_number n = 0; n < own.size(); ++n)
    members.at(own[n]).push_back(n);
  rule_driver rule{"optuna_hyperband", options};
  for (const auto& bracket : members)
    rule.report(bracket.at(0), 9, 0);
  for (std::size_t b = 0; b < 3; ++b) {
    std::vector<std::int64_t> pruned;
    for (std::int64_t step = 1; step <= 9; ++step)
      if (rule.prunes(members[b].at(1), step, 1)) pruned.push_back(step);
    const std::vector<std::int64_t> rungs{1, 3, 9};
    CHECK(pruned == std::vector<std::int64_t>(rungs.begin() + static_cast<int>(b), rungs.end()));
  }
  CHECK(rule.report(members[1].at(2), 3, 1).reason ==
        "optuna_hyperband: bracket 1: 1 is worse than 0 (best 1 of 3 trials) at step 3");
}

TEST_CASE("max_resource \"auto\" is found at the first report after a trial has completed") {
  rule_driver rule{"optuna_hyperband"};
  CHECK_FALSE(rule.report(0, 1, 1).bracket);
  rule.complete(1, {});
  CHECK_FALSE(rule.report(0, 2, 1).bracket);
  rule.complete(2, std::vector<double>(8, 1.0)); // 9 resources: 3 brackets
  std::size_t most = 0;
  for (trial_number n = 3; n < 100; ++n)
    most = std::max(most, rule.report(n, 0, 1).bracket.value());
  CHECK(most == 2);
}

TEST_CASE("without room for a bracket nobody is pruned") {
  rule_driver rule{"optuna_hyperband", R"({"min_resource": 100})"};
  rule.complete(0, {1, 2});
  CHECK_FALSE(rule.prunes(1, 200, nan_value));
}

TEST_CASE("options of hyperband are checked") {
  const auto refusal = [](std::string_view options) {
    return rule_refusal("optuna_hyperband", options);
  };
  CHECK(
      refusal(R"({"max_resource": "all"})") ==
      R"(optuna_hyperband: max_resource: must be "auto" or a whole number of at least 1; found the text "all")");
  CHECK(refusal(R"({"min_resource": 5, "max_resource": 4})") ==
        "optuna_hyperband: max_resource: must be at least min_resource, 5");
  CHECK(refusal(R"({"bootstrap_count": 1})") ==
        R"(optuna_hyperband: bootstrap_count: above 0 needs a max_resource other than "auto")");
}
