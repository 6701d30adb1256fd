#include <troupe/random.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace troupe;

namespace {

using block = std::array<std::uint32_t, 4>;

/// Returns the share of bits in which the first `n` numbers of two streams differ.
double difference(random_stream a, random_stream b, int n) {
  int bits = 0;
  for (int i = 0; i < n; ++i)
    bits += std::popcount(a() ^ b());
  return bits / (64.0 * n);
}

} // namespace

TEST_CASE("Philox4x32-10 gives its authors' known answers") {
  CHECK(philox4x32({0, 0, 0, 0}, {0, 0}) == block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox4x32({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
        block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("a stream is its name, whatever other streams do") {
  auto first = random_stream{7, 3, "shuffle"};
  auto other = random_stream{7, 3, "weights"};
  std::vector<std::uint64_t> numbers;
  for (int i = 0; i < 100; ++i) {
    numbers.push_back(first());
    other();
  }
  auto again = random_stream{7, 3, "shuffle"};
  for (const auto number : numbers)
    CHECK(again() == number);
}

TEST_CASE("numbers stay the same from version to version") {
  auto random = random_stream{42, 1, "space/lr"};
  CHECK(random() == 18117135962764912385u);
  CHECK(random() == 3742460426471019025u);
  CHECK(random() == 3143894394929348u);
}

TEST_CASE("streams that differ in one part of the name are unlike each other") {
  const auto base = random_stream{0, 0, "space/lr"};
  for (const auto& other :
       {random_stream{1, 0, "space/lr"}, random_stream{0, 1, "space/lr"},
        random_stream{0, 0, "space/ls"}, random_stream{0, 0, ""},
        random_stream{0, 1ull << 32, "space/lr"}, random_stream{1ull << 63, 0, "space/lr"}})
    CHECK(difference(base, other, 1000) == doctest::Approx(0.5).epsilon(0.02));
}

TEST_CASE("no two of many near names share a number") {
  std::set<std::uint64_t> seen;
  for (std::uint64_t seed = 0; seed < 20; ++seed)
    for (std::uint64_t trial = 0; trial < 20; ++trial)
      for (const auto* purpose : {"a", "b", "ab", "ba", ""}) {
        auto random = random_stream{seed, trial, purpose};
        for (int i = 0; i < 4; ++i)
          seen.insert(random());
      }
  CHECK(seen.size() == 20 * 20 * 5 * 4);
}

TEST_CASE("the first numbers of neighbouring trials and seeds are uniform") {
  constexpr int cells = 64;
  for (const bool by_trial : {true, false}) {
    std::array<int, cells> counts{};
    for (std::uint64_t i = 0; i < 64'000; ++i) {
      auto random = by_trial ? random_stream{5, i, "x"} : random_stream{i, 5, "x"};
      ++counts[static_cast<std::size_t>(random.uniform() * cells)];
    }
    double chi_square = 0;
    for (const auto n : counts)
      chi_square += (n - 1000.0) * (n - 1000.0) / 1000.0;
    CHECK(chi_square < 113); // 63 degrees of freedom, level 1e-4
  }
}

TEST_CASE("uniform gives multiples of 2^-53 below 1") {
  auto random = random_stream{1, 1, "u"};
  double sum = 0, low = 1, high = 0;
  for (int i = 0; i < 100'000; ++i) {
    const double x = random.uniform();
    CHECK_UNARY(std::trunc(x * 0x1p53) == x * 0x1p53);
    sum += x;
    low = std::min(low, x);
    high = std::max(high, x);
  }
  CHECK(low >= 0);
  CHECK(low < 1e-3);
  CHECK(high < 1);
  CHECK(high > 0.999);
  CHECK(sum / 100'000 == doctest::Approx(0.5).epsilon(0.01));
}

TEST_CASE("below gives every number under the bound equally often") {
  auto random = random_stream{1, 1, "below"};
  std::array<int, 7> counts{};
  for (int i = 0; i < 70'000; ++i)
    ++counts[random.below(7)];
  for (const auto n : counts)
    CHECK(std::abs(n - 10'000) < 400);
  CHECK(random.below(1) == 0);
}

TEST_CASE("below is fair for bounds that do not divide 2^64") {
  // Scaled down to three quarters of 2^64, every third number would come up twice as often.
  const std::uint64_t bound = 3ull << 62;
  auto random = random_stream{1, 1, "large"};
  int thirds = 0;
  for (int i = 0; i < 30'000; ++i) {
    const auto n = random.below(bound);
    REQUIRE(n < bound);
    thirds += n % 3 == 0;
  }
  CHECK(std::abs(thirds - 10'000) < 400);
}

TEST_CASE("a stream serves the standard library") {
  static_assert(std::uniform_random_bit_generator<random_stream>);
  auto items = std::vector<int>(100);
  std::iota(items.begin(), items.end(), 0);
  auto random = random_stream{1, 1, "shuffle"};
  std::shuffle(items.begin(), items.end(), random);
  CHECK_FALSE(std::is_sorted(items.begin(), items.end()));
}
