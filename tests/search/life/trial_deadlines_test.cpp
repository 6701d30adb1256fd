#include "search/life/trial_deadlines.hpp"

#include <troupe/random.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <vector>

using namespace troupe;

namespace {

constexpr std::int64_t second = 1'000'000'000;

std::vector<trial_number> numbers(const std::vector<trial_deadlines::expired_trial>& expired) {
  std::vector<trial_number> found;
  for (const auto& each : expired)
    found.push_back(each.number);
  return found;
}

} // namespace

TEST_CASE("without limits no trial is ever out of time") {
  trial_deadlines none{std::nullopt, std::nullopt};
  none.started(0, 0);
  CHECK_FALSE(none.next());
  CHECK(none.take_expired(1'000'000 * second).empty());
  CHECK_FALSE(none.all_stuck(1'000'000 * second, 0));
}

TEST_CASE("the time limit counts from the start, whatever a trial reports") {
  trial_deadlines d{5.0, std::nullopt};
  d.started(3, 10 * second);
  d.reported(3, 14 * second);
  CHECK(d.next() == 15 * second);
  CHECK(d.take_expired(15 * second - 1).empty());
  const auto expired = d.take_expired(15 * second);
  REQUIRE(expired.size() == 1);
  CHECK(expired[0].number == 3);
  CHECK(expired[0].why.text == "time_limit_s: it has run for 5 s");
  CHECK(d.take_expired(16 * second).empty());
  CHECK_FALSE(d.next());
}

TEST_CASE("the progress limit counts from the last report") {
  trial_deadlines d{std::nullopt, 0.5};
  d.started(0, 0);
  d.reported(0, second / 4);
  d.reported(7, second / 4); // never started: a report that came too late
  CHECK(d.take_expired(second / 2).empty());
  const auto expired = d.take_expired(second);
  REQUIRE(expired.size() == 1);
  CHECK(expired[0].why.text == "progress_limit_s: it has not reported for 0.5 s");
}

TEST_CASE("a trial that is started again has all its time again") {
  trial_deadlines d{5.0, 3.0};
  d.started(0, 0);
  d.left(0);
  CHECK_FALSE(d.next());
  d.started(0, 4 * second);
  CHECK(d.next() == 7 * second);
}

TEST_CASE("all are stuck when all that run have been out of time for long") {
  trial_deadlines d{5.0, std::nullopt};
  d.started(0, 0);
  d.started(1, second);
  CHECK(numbers(d.take_expired(5 * second)) == std::vector<trial_number>{0});
  CHECK_FALSE(d.all_stuck(100 * second, second));
  CHECK(numbers(d.take_expired(6 * second)) == std::vector<trial_number>{1});
  CHECK_FALSE(d.all_stuck(6 * second, second));
  CHECK(d.all_stuck(7 * second, second));
  d.left(0);
  CHECK(d.all_stuck(7 * second, second));
  d.left(1);
  CHECK_FALSE(d.all_stuck(7 * second, second));
}

TEST_CASE("while the process is suspended no time passes for trials") {
  trial_deadlines d{5.0, 3.0};
  d.started(0, 0);
  d.put_off(100 * second);
  CHECK(d.next() == 103 * second);
  CHECK(d.take_expired(102 * second).empty());
  CHECK(d.running() == std::vector<trial_number>{0});
}

TEST_CASE("trials expire at their deadlines, each once, whatever happens") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    CAPTURE(seed);
    random_stream random{seed, 0, "deadlines"};
    const auto limit = static_cast<std::int64_t>(1 + random.below(9)) * second;
    const auto silence = static_cast<std::int64_t>(1 + random.below(9)) * second;
    trial_deadlines d{static_cast<double>(limit / second), static_cast<double>(silence / second)};
    std::map<trial_number, std::int64_t> due, start;
    std::int64_t now = 0;
    for (int i = 0; i < 200; ++i) {
      now += static_cast<std::int64_t>(random.below(2 * second));
      const auto n = static_cast<trial_number>(random.below(5));
      const bool known = start.contains(n), expired = known && !due.contains(n);
      if (!known) {
        start[n] = now;
        due[n] = now + std::min(limit, silence);
        d.started(n, now);
      } else if (random.below(4) == 0) {
        start.erase(n);
        due.erase(n);
        d.left(n);
      } else {
        d.reported(n, now);
        if (!expired) due[n] = std::min(start[n] + limit, now + silence);
      }
      std::vector<trial_number> expected;
      for (const auto& [each, at] : due)
        if (at <= now) expected.push_back(each);
      for (const auto each : expected)
        due.erase(each);
      CHECK(numbers(d.take_expired(now)) == expected);
      const auto next =
          std::ranges::min_element(due, {}, &std::pair<const trial_number, std::int64_t>::second);
      CHECK(d.next() == (next == due.end() ? std::optional<std::int64_t>{} : next->second));
    }
  }
}
