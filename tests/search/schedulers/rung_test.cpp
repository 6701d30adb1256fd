#include "search/schedulers/rung.hpp"

#include <troupe/random.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

using namespace troupe;

namespace {

constexpr double endless = std::numeric_limits<double>::infinity();
constexpr double no_value = std::numeric_limits<double>::quiet_NaN();

/// The same by sorting: numpy.nanpercentile(values, (1 - 1/rf) * 100), method linear.
double sorted_cutoff(std::vector<double> values, double rf) {
  std::erase_if(values, [](double x) { return std::isnan(x); });
  if (values.empty()) return no_value;
  std::sort(values.begin(), values.end());
  const double at = static_cast<double>(values.size() - 1) * (((1 - 1 / rf) * 100) / 100);
  const auto low = static_cast<std::size_t>(std::floor(at));
  const double g = at - std::floor(at);
  const double a = values[low];
  const double b = values[std::min(low + 1, values.size() - 1)];
  return g < 0.5 ? a + (b - a) * g : b - (b - a) * (1 - g);
}

bool same_number(double x, double y) {
  return (std::isnan(x) && std::isnan(y)) || x == y;
}

double cutoff_of(const std::vector<double>& values, double rf) {
  rung r{1, rf};
  trial_number n = 0;
  for (const double value : values)
    r.record(n++, value);
  return r.cutoff();
}

/// Draws values that are hard on an order statistic: ties, infinities, NaN, wide ranges.
double draw_value(random_stream& random) {
  switch (random.below(8)) {
  case 0:
    return no_value;
  case 1:
    return random.below(20) == 0 ? endless : 1.0;
  case 2:
    return random.below(20) == 0 ? -endless : -1.0;
  case 3:
    return static_cast<double>(random.below(5));
  case 4:
    return std::exp(100 * random.uniform() - 50);
  default:
    return random.uniform() - 0.5;
  }
}

} // namespace

TEST_CASE("a rung's cutoff is that of the sorted values after every record") {
  for (const double rf : {2.0, 2.5, 3.0, 4.0, 6.0, 1.01, 1.7, 10.0, 1e6, 1e20}) {
    random_stream random{11, static_cast<std::uint64_t>(rf * 100), "rung"};
    rung r{1, rf};
    std::vector<double> values;
    for (trial_number n = 0; n < 1500; ++n) {
      values.push_back(draw_value(random));
      r.record(n, values.back());
      CAPTURE(rf);
      CAPTURE(n);
      REQUIRE(same_number(r.cutoff(), sorted_cutoff(values, rf)));
    }
  }
}

TEST_CASE("values that arrive in order give the same cutoff as in any other") {
  std::vector<double> rising;
  for (int i = 0; i < 1000; ++i)
    rising.push_back(i * 0.1);
  const std::vector<double> falling(rising.rbegin(), rising.rend());
  for (const double rf : {1.5, 2.0, 4.0}) {
    CHECK(cutoff_of(rising, rf) == sorted_cutoff(rising, rf));
    CHECK(cutoff_of(falling, rf) == sorted_cutoff(rising, rf));
  }
}

TEST_CASE("the cutoff of two values is in between, as numpy interpolates") {
  CHECK(cutoff_of({10, 20}, 2) == 15);
  CHECK(cutoff_of({10, 20}, 4) == 17.5);
  CHECK(cutoff_of({3}, 2) == 3);
}

TEST_CASE("a rung without values has no cutoff") {
  CHECK(std::isnan(cutoff_of({}, 2)));
  CHECK(std::isnan(cutoff_of({no_value, no_value}, 2)));
}

TEST_CASE("NaN takes a trial's place in a rung but does not count") {
  rung r{4, 2};
  r.record(0, 10);
  r.record(1, no_value);
  r.record(2, 20);
  CHECK(r.holds(1));
  CHECK_FALSE(r.holds(3));
  CHECK(r.size() == 2);
  CHECK(r.cutoff() == 15);
}

TEST_CASE("infinities that meet in the interpolation make the cutoff NaN") {
  CHECK(std::isnan(cutoff_of({1, endless}, 2)));
  CHECK(std::isnan(cutoff_of({-endless, -endless}, 2)));
  CHECK(std::isnan(cutoff_of({-endless, -endless, 1}, 2)));
  CHECK(cutoff_of({-endless, 1, 2}, 2) == 1);
}
