#include "search/schedulers/population.hpp"

#include <troupe/random.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace troupe;

namespace {

/// A population of `n` with the scores 0, 1, …, at time 1.
population of(trial_number n) {
  population p;
  for (trial_number i = 0; i < n; ++i) {
    p.enter(i);
    p.record(i, 1, i);
  }
  return p;
}

} // namespace

TEST_CASE("quantiles are rounded up, but are at most half") {
  const struct {
    trial_number n;
    double fraction;
    std::size_t size;
  } cases[] = {{0, 0.25, 0}, {1, 0.5, 0}, {2, 0.25, 1}, {3, 0.25, 1}, {4, 0.25, 1}, {5, 0.25, 2},
               {8, 0.25, 2}, {3, 0.5, 1}, {5, 0.5, 2},  {7, 0.5, 3},  {6, 0.4, 3},  {9, 0, 0}};
  for (const auto& one : cases) {
    CAPTURE(one.n);
    CAPTURE(one.fraction);
    CHECK(of(one.n).quantile(one.fraction) == one.size);
  }
}

TEST_CASE("of equal scores the first in the list is the worst") {
  population p;
  for (const trial_number n : {3, 1, 2})
    p.enter(n);
  for (const trial_number n : {1, 2, 3})
    p.record(n, 1, 0.5);
  CHECK(p.ranked(0) == 3);
  CHECK(p.ranked(1) == 1);
  CHECK(p.ranked(2) == 2);
  CHECK(p.among_worst(3, 1));
  CHECK_FALSE(p.among_worst(1, 1));
  p.enter(3); // again, at the end
  p.record(3, 1, 0.5);
  CHECK(p.ranked(2) == 3);
}

TEST_CASE("a member without a score is not ranked") {
  auto p = of(3);
  p.record(1, 2, std::nan(""));
  CHECK(p.scored() == 2);
  CHECK_FALSE(p.among_worst(1, 2));
  p.enter(9);
  CHECK(p.scored() == 2);
  p.record(1, 3, -std::numeric_limits<double>::infinity());
  CHECK(p.ranked(0) == 1);
}

TEST_CASE("who has trained least is chosen first, of equals the first in the list") {
  population p;
  constexpr auto ever = std::numeric_limits<double>::infinity();
  for (const trial_number n : {2, 1, 0})
    p.enter(n);
  p.record(2, 5, 0);
  CHECK(p.most_behind(ever) == 1u);
  p.set_waiting(1, false);
  p.set_waiting(0, false);
  CHECK(p.most_behind(ever) == 2u);
  CHECK_FALSE(p.most_behind(5));
  CHECK_FALSE(p.all_reached(5));
  p.record(1, 6, 0);
  CHECK(p.all_reached(5, 0u));
  CHECK_FALSE(p.all_reached(5, 1u));
  CHECK(p.most_trained() == 6);
  p.leave(0);
  CHECK(p.all_reached(5));
}

TEST_CASE("whatever happens, the order is that of a sorted list") {
  random_stream random{1, 0, "population"};
  population p;
  std::vector<std::pair<double, trial_number>> want; // list's order
  for (int step = 0; step < 2000; ++step) {
    const auto n = static_cast<trial_number>(random.below(30));
    const auto at = std::ranges::find(want, n, &std::pair<double, trial_number>::second);
    if (at == want.end()) {
      p.enter(n);
      want.emplace_back(std::nan(""), n);
    } else if (random.below(10) == 0) {
      p.leave(n);
      want.erase(at);
    } else {
      at->first = random.below(20) == 0 ? std::nan("") : static_cast<double>(random.below(8));
      p.record(n, 1, at->first);
    }
    auto sorted = want;
    std::erase_if(sorted, [](const auto& e) { return std::isnan(e.first); });
    std::ranges::stable_sort(sorted, {}, &std::pair<double, trial_number>::first);
    REQUIRE(p.scored() == sorted.size());
    for (std::size_t i = 0; i < sorted.size(); ++i)
      REQUIRE(p.ranked(i) == sorted[i].second);
  }
}
