#include "base/json.hpp"
#include "search/space/dimension.hpp"
#include "search/space/domain_draw.hpp"
#include "search/space/finite_values.hpp"

#include <troupe/space.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <map>

using namespace troupe;

namespace {

constexpr auto least = std::numeric_limits<std::int64_t>::min();
constexpr auto most = std::numeric_limits<std::int64_t>::max();
constexpr auto infinity = std::numeric_limits<double>::infinity();

boost::json::value draw(const domain& d, std::uint64_t n) {
  return sample(search_space{}.add("x", d), 7, n).at("x");
}

/// The shares of the values in 20,000 draws.
std::map<double, double> shares(const domain& d) {
  std::map<double, double> all;
  for (std::uint64_t n = 0; n < 20'000; ++n)
    all[as_number(draw(d, n))] += 1.0 / 20'000;
  return all;
}

/// Makes domains at random, from the narrowest to the widest.
class domain_maker {
public:
  explicit domain_maker(std::uint64_t seed) : random_{seed, 0, "domains"} {}

  domain make() {
    const auto [low, high] = reals();
    const auto [from, to] = wholes();
    const double q = std::exp(20 * random_.uniform() - 10);
    const auto k = static_cast<double>(random_.below(1000)) + 1;
    const auto count = static_cast<double>(random_.below(1000)) + 1;
    const auto whole_q = static_cast<std::int64_t>(random_.below(5)) + 1;
    switch (random_.below(15)) {
    case 0:
      return uniform{low, high};
    case 1:
      return loguniform{std::abs(low) + 1e-300, (std::abs(low) + 1e-300) * (1 + q)};
    case 2:
      return randint{from, to};
    case 3:
      return quniform{(k - 500) * q, (k - 500 + count) * q, q};
    case 4:
      return qloguniform{k * q, (k + count) * q, q};
    case 5:
      return randn{low, q};
    case 6:
      return qrandn{low, q * k, q};
    case 7:
      return qrandint{from / 8, from / 8 + 5 + to / 16 - from / 16, whole_q};
    case 8:
      return lograndint{1 + (from & (most >> 1)), 2 + (from & (most >> 1)) + whole_q};
    case 9:
      return qlograndint{1 + whole_q, 1 + 8 * whole_q, whole_q};
    case 10:
      return float_range{low, high};
    case 11:
      return float_range{low, low + std::abs(low), std::abs(low) / (count + random_.uniform())};
    case 12:
      return float_range{q, q * k, {}, true};
    case 13:
      return int_range{from, to, 1 + (static_cast<std::int64_t>(random_()) & most) / 2};
    default:
      return int_range{whole_q, whole_q + static_cast<std::int64_t>(random_() >> 2), 1, true};
    }
  }

private:
  std::pair<double, double> reals() {
    const double size = std::exp(1200 * random_.uniform() - 600);
    const double low = (2 * random_.uniform() - 1) * size;
    return {low, std::nextafter(low, infinity) + (random_.below(2) ? size * random_.uniform() : 0)};
  }

  std::pair<std::int64_t, std::int64_t> wholes() {
    const auto shift = random_.below(64);
    const auto low = static_cast<std::int64_t>(random_()) >> shift;
    const auto high = static_cast<std::int64_t>(random_()) >> shift;
    if (low == high) return {low / 2, low / 2 + 1};
    return std::minmax({low, high});
  }

  random_stream random_;
};

} // namespace

TEST_CASE("a draw is always inside its domain") {
  auto maker = domain_maker{1};
  for (int i = 0; i < 5'000; ++i) {
    const auto d = maker.make();
    CAPTURE(d.index());
    REQUIRE(impossible(d) == "");
    for (std::uint64_t n = 0; n < 20; ++n) {
      const auto v = draw(d, n);
      CAPTURE(to_text(v));
      REQUIRE(contains(d, v));
    }
  }
}

TEST_CASE("the ends of rounded draws come half as often as the others") {
  const auto q = shares(quniform{0, 1, 0.25});
  REQUIRE(q.size() == 5);
  CHECK(q.at(0) == doctest::Approx(0.125).epsilon(0.05));
  CHECK(q.at(0.5) == doctest::Approx(0.25).epsilon(0.05));
  CHECK(q.at(1) == doctest::Approx(0.125).epsilon(0.05));
}

TEST_CASE("the steps of Optuna's ranges are equally likely, both ends included") {
  const auto f = shares(float_range{0, 1, 0.25});
  REQUIRE(f.size() == 5);
  for (const auto& [value, share] : f)
    CHECK(share == doctest::Approx(0.2).epsilon(0.05));
  const auto n = shares(int_range{-3, 6, 3});
  REQUIRE(n.size() == 4);
  CHECK(n.begin()->first == -3);
  CHECK(n.rbegin()->first == 6);
  for (const auto& [value, share] : n)
    CHECK(share == doctest::Approx(0.25).epsilon(0.05));
}

TEST_CASE("a step that does not meet the upper end leaves it out") {
  CHECK(shares(int_range{0, 10, 4}).rbegin()->first == 8);
  CHECK(shares(float_range{0, 1, 0.4}).rbegin()->first == 0.8);
  CHECK(shares(float_range{0, 0.3, 0.1}).rbegin()->first == 0.3); // 0.3 / 0.1 < 3
}

TEST_CASE("Optuna's logarithmic int gives each number the share of its surroundings") {
  const auto n = shares(int_range{1, 4, 1, true});
  REQUIRE(n.size() == 4);
  for (int i = 1; i <= 4; ++i)
    CHECK(n.at(i) == doctest::Approx(std::log((i + 0.5) / (i - 0.5)) / std::log(9)).epsilon(0.05));
}

TEST_CASE("Optuna's logarithmic float has a uniform logarithm") {
  double below = 0;
  for (std::uint64_t n = 0; n < 20'000; ++n)
    below += as_number(draw(float_range{1e-4, 1, {}, true}, n)) < 1e-2;
  CHECK(below / 20'000 == doctest::Approx(0.5).epsilon(0.03));
}

TEST_CASE("a range of one value gives it") {
  CHECK(draw(float_range{0.1, 0.1}, 0) == 0.1);
  CHECK(draw(float_range{0.1, 0.1, {}, true}, 0).as_double() == doctest::Approx(0.1));
  CHECK(draw(int_range{5, 5}, 0) == 5);
  CHECK(draw(int_range{5, 5, 1, true}, 0) == 5);
  CHECK(draw(int_range{most, most}, 0) == most);
}

TEST_CASE("the widest integer ranges are drawn from whole") {
  bool has_negative = false, has_positive = false;
  for (std::uint64_t n = 0; n < 100; ++n) {
    (draw(int_range{least, most}, n).as_int64() < 0 ? has_negative : has_positive) = true;
    CHECK(draw(lograndint{1, most}, n).as_int64() >= 1);
    CHECK(contains(qlograndint{1, most, 2}, draw(qlograndint{1, most, 2}, n)));
    CHECK(contains(qrandint{least, most, 3}, draw(qrandint{least, most, 3}, n)));
  }
  CHECK(has_negative);
  CHECK(has_positive);
}

TEST_CASE("a step that is tiny beside the mean does not make a draw infinite") {
  auto random = random_stream{1, 2, "tiny steps"};
  const auto v = troupe::draw(qrandn{1e300, 1e299, 1e-300}, random);
  CHECK(std::isfinite(v.as_double()));
}

TEST_CASE("domains know what they contain") {
  CHECK(contains(uniform{0, 1}, 0));
  CHECK_FALSE(contains(uniform{0, 1}, 1.0));
  CHECK_FALSE(contains(uniform{0, 1}, "0"));
  CHECK(contains(loguniform{1, 2}, 2));
  CHECK_FALSE(contains(loguniform{1, 2}, 2.1));
  CHECK(contains(randint{0, 3}, 2.0));
  CHECK_FALSE(contains(randint{0, 3}, 3));
  CHECK_FALSE(contains(randint{0, 3}, 1.5));
  CHECK(contains(quniform{0, 1, 0.1}, 0.1 + 0.2));
  CHECK_FALSE(contains(quniform{0, 1, 0.1}, 0.15));
  CHECK_FALSE(contains(quniform{0, 1, 0.1}, 1.1));
  CHECK_FALSE(contains(qrandint{0, 10, 5}, 6));
  CHECK_FALSE(contains(qrandint{0, 10, 5}, 15));
  CHECK(contains(qrandint{0, 10, 5}, 10));
  CHECK_FALSE(contains(qrandint{0, 10, 1}, 10));
  CHECK_FALSE(contains(qlograndint{2, 8, 3}, 2));
  CHECK(contains(float_range{0.5, 1, 0.25}, 0.75));
  CHECK_FALSE(contains(float_range{0.5, 1, 0.25}, 0.8));
  CHECK_FALSE(contains(float_range{0, 1, 0.4}, 1));
  CHECK(contains(int_range{1, 7, 3}, 7));
  CHECK_FALSE(contains(int_range{1, 7, 3}, 6));
  CHECK_FALSE(contains(randn{}, infinity));
  CHECK_FALSE(contains(qrandn{0, 1, 0.5}, 0.2));
  CHECK(contains(choice{{1, "a"}}, 1.0));
  CHECK_FALSE(contains(choice{{1, "a"}}, "b"));
  CHECK(contains(grid_search{{nullptr}}, nullptr));
  CHECK(contains(expression{"1"}, "anything"));
}

TEST_CASE("values are the same if their numbers are") {
  using boost::json::array;
  using boost::json::object;
  CHECK(same_value(1, 1.0));
  CHECK(same_value(array{1, object{{"a", 2}, {"b", 3}}}, array{1.0, object{{"b", 3.0}, {"a", 2}}}));
  CHECK_FALSE(same_value(array{1}, array{1, 2}));
  CHECK_FALSE(same_value(object{{"a", 1}}, object{{"b", 1}}));
  CHECK_FALSE(same_value(1, true));
  CHECK_FALSE(same_value(most, most - 1));
  CHECK_FALSE(same_value(0, nullptr));
}

TEST_CASE("impossible arguments of the quantized and normal laws say what is needed") {
  CHECK(impossible(quniform{1, 0, 0.5}).find("quniform needs finite low < high") == 0);
  CHECK(impossible(quniform{0, infinity, 1}).find("finite") != std::string::npos);
  CHECK(impossible(quniform{0, 1, 0}) == "quniform needs q > 0; found [0.0, 1.0, 0.0]");
  CHECK(impossible(quniform{0, 1, std::nan("")}).find("q > 0") != std::string::npos);
  CHECK(impossible(quniform{0, 1, 0.3}) ==
        "quniform needs bounds that are multiples of q; found [0.0, 1.0, 0.3]");
  CHECK(impossible(quniform{0, 1, 1e-20}).find("larger q") != std::string::npos);
  CHECK(impossible(qloguniform{0, 1, 0.5}).find("0 < low < high") != std::string::npos);
  CHECK(impossible(qloguniform{0.3, 1, 0.5}).find("multiples of q") != std::string::npos);
  CHECK(impossible(randn{0, 0}) == "randn needs a finite mean and sd > 0; found [0.0, 0.0]");
  CHECK(impossible(randn{infinity, 1}).find("finite mean") != std::string::npos);
  CHECK(impossible(qrandn{0, -1, 1}).find("sd > 0") != std::string::npos);
  CHECK(impossible(qrandn{0, 1, -1}).find("q > 0") != std::string::npos);
  CHECK(impossible(qrandint{3, 3, 1}).find("low < high") != std::string::npos);
  CHECK(impossible(qrandint{1, 9, 0}) == "qrandint needs q >= 1; found [1, 9, 0]");
  CHECK(impossible(qrandint{1, 4, 5}) ==
        "qrandint needs a multiple of q in its range; found [1, 4, 5]");
  CHECK(impossible(lograndint{0, 4}).find("1 <= low < high") != std::string::npos);
  CHECK(impossible(qlograndint{0, 4, 2}).find("1 <= low < high") != std::string::npos);
  CHECK(impossible(qlograndint{4, 7, 8}).find("multiple of q") != std::string::npos);
  CHECK(impossible(grid_search{}) == "grid_search needs at least one value");
  CHECK(impossible(sample_from{}) == "sample_from needs a function");
}

TEST_CASE("impossible ranges of Optuna's kinds say what is needed") {
  CHECK(impossible(float_range{1, 0}) == "float needs finite low <= high; found [1.0, 0.0]");
  CHECK(impossible(float_range{-1e308, 1e308}).find("finite") != std::string::npos);
  CHECK(impossible(float_range{1, 2, 0.5, true}) == "float has a step or is logarithmic, not both");
  CHECK(impossible(float_range{0, 1, {}, true}).find("0 < low") != std::string::npos);
  CHECK(impossible(float_range{0, 1, 0}) == "float needs step > 0; found [0.0]");
  CHECK(impossible(float_range{0, 1, 1e-30}).find("larger step") != std::string::npos);
  CHECK(impossible(float_range{1e9, 1e9 + 1, 1e-9}).find("larger step") != std::string::npos);
  CHECK(impossible(int_range{2, 1}) == "int needs low <= high; found [2, 1]");
  CHECK(impossible(int_range{1, 2, 0}) == "int needs step >= 1; found [0]");
  CHECK(impossible(int_range{1, 9, 2, true}) == "a logarithmic int has no step; found [2]");
  CHECK(impossible(int_range{0, 9, 1, true}).find("1 <= low") != std::string::npos);
}

TEST_CASE("steps of decimals are decimals, whoever asks for them") {
  const float_range d{0.1, 0.4, 0.1};
  std::map<double, double> expected;
  for (const double x : {0.1, 0.2, 0.3, 0.4}) {
    expected[x] = 0;
    CHECK(to_value(d, x + 1e-12) == x);
  }
  for (const auto& [value, share] : shares(d))
    CHECK(expected.contains(value));
  const auto all = finite_values_of(d).value();
  REQUIRE(all.count == 4);
  CHECK(all.at(2) == 0.3);
  CHECK(finite_values_of(quniform{0, 1, 0.1}).value().at(3) == 0.3);
  CHECK(shares(quniform{0, 1, 0.1}).contains(0.3));
}

TEST_CASE("a condition holds for a step that a person sees as equal") {
  auto space = search_space{}.add("drop", float_range{0.1, 0.4, 0.1});
  space.add("deep", constant{true}, {{"drop", {0.3}}});
  int held = 0;
  for (std::uint64_t n = 0; n < 100; ++n)
    held += sample(space, 7, n).contains("deep");
  CHECK(held > 0);
}
