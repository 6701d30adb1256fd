#include "search/scheduler_kit.hpp"
#include "search/schedulers/asha_promotion.hpp"

#include <troupe/random.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <vector>

using namespace troupe;

namespace {

/// Rungs at 1, 2 and 4, then 8: one of two goes on.
constexpr auto halving = R"({"max_t": 8, "reduction_factor": 2, "variant": "promotion"})";

scheduler_driver started(trial_number n, std::string_view options = halving) {
  scheduler_driver s{scheduled_study("asha", options)};
  for (trial_number i = 0; i < n; ++i)
    s.start(i);
  return s;
}

/// Algorithm 2 of the paper, as it stands there: sorts at every question.
class paper {
public:
  void record(std::size_t rung, trial_number n, double value) {
    rungs_[rung].push_back({value, n});
  }

  /// Returns whom a free slot goes to, among those that wait.
  std::optional<trial_number> promote(std::size_t highest, std::size_t factor) {
    for (std::size_t k = highest + 1; k-- > 0;) {
      auto sorted = rungs_[k];
      std::ranges::stable_sort(sorted, std::greater{}, &entry::value);
      sorted.resize(sorted.size() / factor);
      for (const auto& e : sorted)
        if (promoted_[k].insert(e.n).second) return e.n;
    }
    return std::nullopt;
  }

private:
  struct entry {
    double value;
    trial_number n;
  };
  std::map<std::size_t, std::vector<entry>> rungs_;
  std::map<std::size_t, std::set<trial_number>> promoted_;
};

} // namespace

TEST_CASE("trials pause at rungs, and the best of two goes on") {
  auto s = started(2);
  CHECK(s.report(0, 1, 5) == verdict::pause);
  CHECK_FALSE(s->choose());
  CHECK(s.report(1, 1, 3) == verdict::pause);
  CHECK(s->choose() == 0u);
  CHECK_FALSE(s->choose());
  CHECK(s.report(0, 1.5, 5) == verdict::proceed);
  CHECK(s.report(0, 2, 5) == verdict::pause);
}

TEST_CASE("a free slot goes to the highest rung first, then to a new trial") {
  auto s = started(4);
  for (trial_number n = 0; n < 4; ++n)
    s.report(n, 1, n);
  CHECK(s->choose() == 3u);
  CHECK(s->choose() == 2u);
  s.report(3, 2, 1);
  s.report(2, 2, 2);
  s->added(4);
  s->added(5);
  CHECK(s->choose() == 2u); // to 4
  CHECK(s->choose() == 4u);
  s.report(4, 1, 1.5);
  CHECK(s->choose() == 5u); // the best two of five, 2 and 3, have gone on
  s.report(5, 1, 2.5);
  CHECK(s->choose() == 5u);
}

TEST_CASE("a trial that waits is promoted when worse ones have come, however late") {
  auto s = started(1);
  s.report(0, 1, 1);
  s.start(1);
  s.report(1, 1, 2);
  CHECK(s->choose() == 1u);
  CHECK_FALSE(s->choose());
  for (trial_number n = 2; n < 4; ++n) {
    s.start(n);
    s.report(n, 1, 0);
  }
  CHECK(s->choose() == 0u);
}

TEST_CASE("max_t ends a trial, unless the last trials are not to be stopped") {
  auto s = started(1);
  CHECK(s->reported(0, {8, 1}).reason == "asha: max_t 8 reached");
  auto endless = started(2, R"({"max_t": 2, "reduction_factor": 2, "variant": "promotion",
                                "stop_last_trials": false})");
  endless.report(0, 1, 1);
  endless.report(1, 1, 0);
  CHECK(endless->choose() == 0u);
  for (const double t : {2, 3, 100})
    CHECK(endless.report(0, t, 1) == verdict::proceed);
}

TEST_CASE("NaN counts in a rung and is never promoted") {
  auto s = started(3);
  s.report(0, 1, std::nan(""));
  s.report(1, 1, std::nan(""));
  CHECK_FALSE(s->choose());
  s.report(2, 1, 1);
  CHECK(s->choose() == 2u);
}

TEST_CASE("a trial that has ended or failed is not promoted, but its value counts") {
  auto s = started(4);
  s.report(0, 1, 9);
  s->removed(0);
  s.complete(1, 1, 8);
  s.report(2, 1, 7);
  s.report(3, 1, 6);
  CHECK_FALSE(s->choose()); // 0 and 1 are the best two of four
}

TEST_CASE("a trial that failed is promoted by its value when it has come to its rung again") {
  auto s = started(2);
  s.report(0, 1, 9);
  s.report(1, 1, 1);
  s->failed(0); // as it paused
  CHECK_FALSE(s->choose());
  s->added(0);
  CHECK(s->choose() == 0u);
  CHECK_FALSE(s->choose());
  CHECK(s.report(0, 1, 0) == verdict::pause);
  CHECK(s->choose() == 0u);
  CHECK(s.report(0, 1.5, 0) == verdict::proceed);
}

TEST_CASE("a trial that does not pause is told to until it is promoted") {
  auto s = started(2);
  CHECK(s.report(0, 1, 9) == verdict::pause);
  CHECK(s.report(0, 2, 9) == verdict::pause);
  s.report(1, 1, 1);
  CHECK(s->choose() == 0u);
  CHECK(s.report(0, 3, 9) == verdict::pause); // now at rung 2
}

TEST_CASE("a smaller value is better under mode min") {
  auto study = scheduled_study("asha", halving);
  study.mode = direction::min;
  scheduler_driver s{study};
  s.start(0);
  s.start(1);
  s.report(0, 1, 5);
  s.report(1, 1, 3);
  CHECK(s->choose() == 1u);
}

TEST_CASE("promotions are those of the paper's algorithm") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    random_stream random{seed, 0, "promotion"};
    scheduler_driver s{
        scheduled_study("asha", R"({"max_t": 81, "reduction_factor": 3, "variant": "promotion"})")};
    const double milestones[] = {1, 3, 9, 27};
    paper want;
    std::vector<std::size_t> goals; // by trial
    std::vector<trial_number> running;
    for (int step = 0; step < 400; ++step) {
      if (running.size() < 5) {
        const auto promoted = want.promote(3, 3);
        const auto next = promoted.value_or(static_cast<trial_number>(goals.size()));
        if (!promoted) {
          goals.push_back(0);
          s->added(next);
        } else {
          ++goals[next];
        }
        REQUIRE(s->choose() == next);
        running.push_back(next);
        continue;
      }
      const auto at = running.begin() + static_cast<std::ptrdiff_t>(random.below(5));
      const auto n = *at;
      running.erase(at);
      if (goals[n] == 4) {
        REQUIRE(s.report(n, 81, 0) == verdict::stop);
        s.complete(n, 81, 0);
        continue;
      }
      const auto value = static_cast<double>(random.below(30));
      REQUIRE(s.report(n, milestones[goals[n]], value) == verdict::pause);
      want.record(goals[n], n, value);
    }
  }
}
