#include "search/numbers/signed_rank.hpp"
#include "search/pruner_kit.hpp"

#include <cstddef>

using namespace troupe;

namespace {

/// The same by trying all signs; no zeros, no ties.
double counted_p(const std::vector<double>& differences) {
  const auto n = differences.size();
  std::vector<std::size_t> ranks(n, 1);
  for (std::size_t i = 0; i < n; ++i)
    for (const double other : differences)
      if (std::abs(other) < std::abs(differences[i])) ++ranks[i];
  const auto positive = [&](auto is_positive) {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < n; ++i)
      if (is_positive(i)) sum += ranks[i];
    return sum;
  };
  const auto observed = positive([&](std::size_t i) { return differences[i] > 0; });
  std::size_t extreme = 0;
  for (std::size_t signs = 0; signs < std::size_t{1} << n; ++signs)
    if (positive([&](std::size_t i) { return (signs >> i) & 1; }) >= observed) ++extreme;
  return static_cast<double>(extreme) / static_cast<double>(std::size_t{1} << n);
}

/// 1, 2, 3, … with every third negative.
std::vector<double> every_third_negative(int count) {
  std::vector<double> d;
  for (int k = 0; k < count; ++k)
    d.push_back(k % 3 == 0 ? -(k + 1) : k + 1);
  return d;
}

} // namespace

TEST_SUITE("signed-rank test") {
  TEST_CASE("few different values: exact, equal to trying all signs") {
    const std::vector<double> d{1, 2, 3, -4, 5};
    CHECK(signed_rank_p(d, tail::greater) == 0.21875);
    CHECK(signed_rank_p(d, tail::less) == 0.84375);
    for (const int count : {1, 2, 7, 13})
      CHECK(signed_rank_p(every_third_negative(count), tail::greater) ==
            counted_p(every_third_negative(count)));
  }

  TEST_CASE("ties and zeros, up to 13 values: exact, half of the zeros' ranks are positive") {
    const std::vector<double> d{0, 1, 1, -2, 3};
    CHECK(signed_rank_p(d, tail::greater) == 0.25);
    CHECK(signed_rank_p(d, tail::less) == 0.8125);
    CHECK(signed_rank_p(std::vector<double>(13, 0.0), tail::greater) == 1);
  }

  TEST_CASE("ties and zeros, from 14 values on: normal, corrected for ties") {
    std::vector<double> d;
    for (int k = 0; k < 14; ++k)
      d.push_back(k % 7 - 2);
    CHECK(std::abs(signed_rank_p(d, tail::greater) - 0.05723927422251537) < 1e-14);
    CHECK(std::abs(signed_rank_p(d, tail::less) - 0.9427607257774846) < 1e-14);
    CHECK(signed_rank_p(std::vector<double>(14, 0.0), tail::greater) == 0.5);
  }

  TEST_CASE("50 different values are the last that are exact") {
    const auto fifty = every_third_negative(50);
    CHECK(std::abs(signed_rank_p(fifty, tail::greater) - 0.01998417326421187) < 1e-14);
    CHECK(std::abs(signed_rank_p(fifty, tail::less) - 0.9804922372390692) < 1e-14);
    const auto more = every_third_negative(51);
    CHECK(std::abs(signed_rank_p(more, tail::greater) - 0.01284436999683209) < 1e-14);
    CHECK(std::abs(signed_rank_p(more, tail::less) - 0.9871556300031679) < 1e-14);
  }
}

TEST_SUITE("wilcoxon") {
  constexpr auto eager = R"({"n_startup_steps": 0})";

  TEST_CASE("a trial that is worse than the best on most steps is pruned") {
    rule_driver rule{"wilcoxon"};
    CHECK_FALSE(rule.report(9, 1, 9).p);
    rule.complete(0, {1, 1, 1, 1, 1}, 1);
    CHECK_FALSE(rule.report(1, 1, 2).p);
    CHECK(rule.report(1, 2, 3).p == 0.25);
    CHECK(rule.report(1, 3, 4).p == 0.125);
    const auto last = rule.report(1, 4, 5);
    CHECK(last.p == 0.0625);
    CHECK(last.prune);
    CHECK(last.reason == "wilcoxon: worse than trial 00000 with p = 0.0625 after 4 steps");
  }

  TEST_CASE("under mode max smaller is worse") {
    rule_driver rule{"wilcoxon", R"({"p_threshold": 0.3})", direction::max};
    rule.complete(0, {1, 1}, 1);
    CHECK_FALSE(rule.prunes(1, 1, 0));
    CHECK(rule.prunes(1, 2, -1));
    rule.prunes(2, 1, 2);
    CHECK(rule.report(2, 2, 3).p == 1);
  }

  TEST_CASE("p must be below the threshold, not equal to it") {
    rule_driver rule{"wilcoxon", R"({"p_threshold": 0.25})"};
    rule.complete(0, {1, 1, 1}, 1);
    rule.prunes(1, 1, 2);
    CHECK_FALSE(rule.prunes(1, 2, 3));
    CHECK(rule.prunes(1, 3, 4));
  }

  TEST_CASE("nobody is pruned whose mean is as good as the best trial's") {
    rule_driver rule{"wilcoxon"};
    rule.complete(0, {1, 2, 3, 4, 90}, 0);
    for (std::int64_t step = 1; step <= 4; ++step) {
      const auto answer = rule.report(1, step, static_cast<double>(2 * step));
      CHECK_FALSE(answer.prune);
      if (step == 4) CHECK(answer.p == 0.0625);
    }
  }

  TEST_CASE("the best trial has the best final value, the first of equals") {
    rule_driver rule{"wilcoxon", R"({"p_threshold": 0.3})"};
    rule.complete(0, {5, 5}, 1);
    rule.complete(1, {1, 1}, 1);
    rule.complete(2, {1, 1}, 2);
    rule.prunes(3, 1, 4);
    CHECK_FALSE(rule.prunes(3, 2, 4));
    rule.complete(4, {1, 1}, 0.5);
    CHECK_FALSE(rule.report(5, 1, 4).prune);
    CHECK(rule.prunes(5, 2, 3));
  }

  TEST_CASE("steps may come in any order; those that the best trial lacks are left out") {
    rule_driver rule{"wilcoxon", R"({"n_startup_steps": 3})"};
    rule.complete(0, {1, 1, 1}, 1);
    rule.prunes(1, 3, 4);
    rule.prunes(1, 70, 100);
    CHECK_FALSE(rule.report(1, 1, 3).p);
    CHECK(rule.report(1, 2, 2).p == 0.125);
  }

  TEST_CASE("two common steps are needed even without start-up steps") {
    rule_driver rule{"wilcoxon", eager};
    rule.complete(0, {1, 1}, 1);
    CHECK_FALSE(rule.report(1, 1, 2).p);
    CHECK(rule.report(1, 2, 2).p);
  }

  TEST_CASE("NaN or infinity in either trial, or a best trial without reports: no test") {
    rule_driver rule{"wilcoxon", eager};
    rule.complete(0, {1, 1, 1}, 5);
    rule.report(1, 1, nan_value);
    CHECK_FALSE(rule.report(1, 2, 2).p);
    CHECK_FALSE(rule.report(1, 3, 2).p);
    rule.complete(2, {1, infinite, 1}, 4);
    rule.report(3, 1, 2);
    CHECK_FALSE(rule.report(3, 3, 2).p);
    rule.complete(4, {}, 3);
    CHECK_FALSE(rule.report(3, 4, 2).p);
  }

  TEST_CASE("options of wilcoxon are checked") {
    CHECK(rule_refusal("wilcoxon", R"({"p_threshold": 1.5})") ==
          "wilcoxon: p_threshold: must be a number from 0 to 1; found 1.5");
    CHECK(rule_refusal("wilcoxon", R"({"n_startup_steps": 0.5})") ==
          "wilcoxon: n_startup_steps: must be a whole number of at least 0; found 0.5");
  }
}
