#include "search/numbers/pairwise_sum.hpp"
#include "search/numbers/running_means.hpp"

#include <troupe/random.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <utility>
#include <vector>

using namespace troupe;

namespace {

/// What running_means says, worked out from all that was ever recorded.
class plain_means {
public:
  explicit plain_means(double from) : from_{from} {}

  void record(trial_number n, double time, double value) { all_[n].emplace_back(time, value); }

  running_means::peers peers_of(trial_number n, double time) const {
    std::vector<double> means;
    for (const auto& [other, records] : all_) {
      if (other == n || records.back().first < time) continue;
      std::vector<double> values;
      for (const auto& [t, value] : records)
        if (from_ <= t && t <= time) values.push_back(value);
      const double mean = pairwise_sum(values) / static_cast<double>(values.size());
      if (std::isfinite(mean)) means.push_back(mean);
    }
    std::ranges::sort(means);
    const auto count = means.size();
    if (count == 0) return {};
    const double upper = means[count / 2];
    return {count, count % 2 == 1 ? upper : (means[count / 2 - 1] + upper) / 2};
  }

private:
  double from_;
  std::map<trial_number, std::vector<std::pair<double, double>>> all_;
};

} // namespace

TEST_CASE("few numbers are added in order, more in eight partial sums, many by halves") {
  const auto numbers = [](std::size_t n) {
    std::vector<double> values;
    for (std::size_t i = 0; i < n; ++i)
      values.push_back(1.0 / static_cast<double>(i + 3));
    return values;
  };
  CHECK(pairwise_sum({}) == 0);
  const auto seven = numbers(7);
  CHECK(pairwise_sum(seven) == std::accumulate(seven.begin(), seven.end(), 0.0));
  // Of numpy 2.4.
  CHECK(pairwise_sum(numbers(9)) == 1.5198773448773446);
  CHECK(pairwise_sum(numbers(100)) == 3.707082429307257);
  CHECK(pairwise_sum(numbers(1000)) == 5.987467865541362);
  CHECK(pairwise_sum(numbers(12345)) == 8.498424557589608);
}

TEST_CASE("the median of the running means is that of all that was recorded") {
  std::size_t compared = 0;
  for (trial_number seed = 0; seed < 40; ++seed) {
    random_stream random{7, seed, "running means"};
    const bool whole = seed % 4 != 0; // times that trials have in common
    running_means fast{2};
    plain_means plain{2};
    std::map<trial_number, double> clock;
    for (int step = 0; step < 600; ++step) {
      const auto n = static_cast<trial_number>(random.uniform() * 12);
      auto& t = clock[n];
      t += whole ? std::floor(random.uniform() * 2.5) : random.uniform();
      if (random.uniform() < 0.02) t = std::floor(t / 2); // it has failed and begins again
      const double u = random.uniform();
      const double value = u < 0.01   ? std::numeric_limits<double>::infinity()
                           : u < 0.02 ? std::nan("")
                                      : std::floor(u * 8);
      fast.record(n, t, value);
      plain.record(n, t, value);
      const auto got = fast.peers_of(n, t), wanted = plain.peers_of(n, t);
      REQUIRE(got.count == wanted.count);
      if (wanted.count > 0) REQUIRE(got.median == wanted.median);
      compared += wanted.count > 2 ? 1 : 0;
    }
  }
  CHECK(compared > 5000);
}
