#include "base/packed.hpp"

#include <troupe/random.hpp>

#include <boost/json/array.hpp>
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace troupe;

namespace {

struct place {
  int x = 0;
  std::optional<std::string> name{};

  friend bool operator==(const place&, const place&) = default;
};

template <class Archive, packed_as<place> Place>
void pack(Archive& a, Place& p) {
  a(p.x, p.name);
}

enum class colour : std::uint8_t { red, green };

template <class T>
T there_and_back(const T& value) {
  packed_writer out;
  out(value);
  packed_reader in{out.bytes()};
  T read{};
  in(read);
  CHECK(in.at_end());
  return read;
}

template <class T>
void check(const T& value) {
  CHECK(there_and_back(value) == value);
}

} // namespace

TEST_CASE("packed values are read as they were") {
  for (const std::int64_t n :
       {std::int64_t{0}, std::int64_t{-1}, std::int64_t{63}, std::int64_t{64},
        std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()})
    check(n);
  for (const std::uint64_t n :
       {std::uint64_t{127}, std::uint64_t{128}, std::numeric_limits<std::uint64_t>::max()})
    check(n);
  for (const double x : {0.0, 1.0, -1.0, 0.1, 5e-324, 1.7e308, HUGE_VAL, -HUGE_VAL})
    check(x);
  CHECK(std::signbit(there_and_back(-0.0)));
  CHECK(std::isnan(there_and_back(std::nan(""))));
  check(colour::green);
  check(std::string{"a\\0b", 3});
  check(std::vector<std::optional<int>>{1, {}, 3});
  check(std::map<std::string, std::pair<bool, double>>{{"a", {true, 0.5}}, {"", {false, 2}}});
  check(std::unordered_map<int, std::set<int>>{{1, {2, 3}}, {7, {}}});
  check(std::unordered_set<unsigned>{5, 3, 9});
  check(std::deque<place>{{1, "one"}, {-2, {}}});
  check(config{{"x", 0.25}, {"net", {{"width", 3}, {"kinds", {"a", nullptr, true, 7U}}}}});
  CHECK(there_and_back(metrics{{"loss", 0.5}, {"gap", HUGE_VAL}}) ==
        metrics{{"loss", 0.5}, {"gap", HUGE_VAL}});
}

TEST_CASE("the same values are the same bytes, in whatever order they came") {
  packed_writer one, other;
  one(std::unordered_set<int>{1, 2, 3, 400});
  other(std::unordered_set<int>{400, 3, 2, 1});
  CHECK(one.bytes() == other.bytes());
}

TEST_CASE("bytes that nobody packed are read as something, or refused") {
  random_stream random{1, 0, "bytes"};
  int refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes;
    for (auto left = random.below(60); left > 0; --left)
      bytes += static_cast<char>(random.below(random.below(8) == 0 ? 256 : 2));
    packed_reader in{bytes};
    std::vector<std::map<std::string, std::optional<place>>> all;
    config c;
    metrics m;
    std::deque<double> numbers;
    try {
      in(all, c, m, numbers);
    } catch (const packed_error&) {
      ++refused;
    }
  }
  CHECK(refused > 10'000);
  CHECK(refused < 20'000);
}
