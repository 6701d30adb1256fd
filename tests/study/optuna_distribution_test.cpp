#include "study/optuna_distribution.hpp"

#include <troupe/space.hpp>
#include <troupe/study.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace troupe;
namespace json = boost::json;

namespace {

std::string text_of(const domain& d) {
  const auto found = optuna_distribution::of(d);
  return found ? found->text() : "none";
}

std::string real(const char* step, const char* low, const char* high, const char* log = "false") {
  return std::string{R"({"name": "FloatDistribution", "attributes": {"step": )"} + step +
         ", \"low\": " + low + ", \"high\": " + high + ", \"log\": " + log + "}}";
}

std::string whole(const char* step, const char* low, const char* high, const char* log = "false") {
  return std::string{R"({"name": "IntDistribution", "attributes": {"log": )"} + log +
         ", \"step\": " + step + ", \"low\": " + low + ", \"high\": " + high + "}}";
}

std::string choices(const std::string& list) {
  return R"({"name": "CategoricalDistribution", "attributes": {"choices": )" + list + "}}";
}

} // namespace

TEST_CASE("each law has the distribution that is nearest to it") {
  CHECK(text_of(uniform{0.5, 1.5}) == real("null", "0.5", "1.5"));
  CHECK(text_of(loguniform{1e-5, 0.1}) == real("null", "1e-05", "0.1", "true"));
  CHECK(text_of(quniform{0.1, 0.7, 0.1}) == real("0.1", "0.1", "0.7"));
  CHECK(text_of(qloguniform{0.1, 0.7, 0.1}) == real("0.1", "0.1", "0.7"));
  CHECK(text_of(float_range{0.5, 1.5}) == real("null", "0.5", "1.5"));
  CHECK(text_of(float_range{0.5, 1.5, {}, true}) == real("null", "0.5", "1.5", "true"));
  CHECK(text_of(float_range{0.1, 0.75, 0.2}) == real("0.2", "0.1", "0.7"));
  CHECK(text_of(randn{1, 0.5}) == real("null", "-4.0", "6.0"));
  CHECK(text_of(qrandn{1, 0.25, 0.25}) == real("null", "-4.0", "6.0"));
  CHECK(text_of(randint{2, 9}) == whole("1", "2", "8"));
  CHECK(text_of(lograndint{2, 9}) == whole("1", "2", "8", "true"));
  CHECK(text_of(qrandint{2, 9, 3}) == whole("3", "3", "9"));
  CHECK(text_of(qlograndint{2, 9, 3}) == whole("3", "3", "9"));
  CHECK(text_of(qlograndint{2, 9, 1}) == whole("1", "2", "8", "true"));
  CHECK(text_of(int_range{1, 8, 2}) == whole("2", "1", "7"));
  CHECK(text_of(int_range{1, 8, 1, true}) == whole("1", "1", "8", "true"));
  CHECK(text_of(choice{{"a", 1, 2.5, nullptr, true, 1.0}}) ==
        choices(R"(["a", 1, 2.5, null, true])"));
  CHECK(text_of(choice{{json::array{1, 2}, json::object{{"k", "v"}}}}) ==
        choices(R"(["[1, 2]", "{\"k\": \"v\"}"])"));
  CHECK(text_of(grid_search{{0.1, 0.2}}) == choices("[0.1, 0.2]"));
  CHECK(text_of(constant{1}) == "none");
  CHECK(text_of(expression{"1 + 1"}) == "none");
}

TEST_CASE("choices that make too long a text have no distribution") {
  choice some, many;
  for (int i = 0; i < 5000; ++i)
    (i < 500 ? some : many).values.emplace_back(i);
  CHECK(text_of(some) != "none");
  CHECK(text_of(many) == "none");
  CHECK(text_of(choice{{json::value(std::string(5000, 'x')), "y"}}) == "none");
}

TEST_CASE("a value that a law draws has a number in its distribution") {
  const auto s = parse_study(R"({"metric": "loss", "space": {
    "a": {"uniform": [0, 1]}, "b": {"loguniform": [1e-4, 1]}, "c": {"quniform": [0.1, 0.9, 0.1]},
    "d": {"qloguniform": [0.1, 0.9, 0.1]}, "e": {"randn": [3, 2]}, "f": {"qrandn": [3, 2, 0.1]},
    "g": {"randint": [-3, 4]}, "h": {"lograndint": [1, 100]}, "i": {"qrandint": [4, 64, 4]},
    "j": {"qlograndint": [4, 64, 4]}, "k": {"choice": ["a", [1, 2], null]},
    "l": {"float": {"low": 0.1, "high": 0.95, "step": 0.2}}, "m": {"int": {"low": 1, "high": 9}},
    "n": {"grid_search": [1, {"uniform": [0, 1]}]}}})",
                             "s.json");
  for (std::uint64_t n = 0; n < 300; ++n)
    for (const auto& [key, value] : sample(s.space, 7, n)) {
      CAPTURE(std::string{std::string_view{key}});
      const auto d = optuna_distribution::of(*s.space.find(key));
      if (key == "n") { // drawn inside a grid: its values are not known beforehand
        CHECK_FALSE(d);
        continue;
      }
      REQUIRE(d);
      const auto x = d->number_of(value);
      REQUIRE(x);
      if (value.is_number()) CHECK(*x == value.to_number<double>());
    }
}

TEST_CASE("a value from elsewhere has none") {
  const auto number_of = [](const domain& d, const json::value& v) {
    return optuna_distribution::of(d)->number_of(v);
  };
  CHECK_FALSE(number_of(uniform{0, 1}, 1.5));
  CHECK_FALSE(number_of(uniform{0, 1}, "a"));
  CHECK_FALSE(number_of(randint{0, 3}, 3));
  CHECK_FALSE(number_of(randint{0, 3}, 1.5));
  CHECK_FALSE(number_of(int_range{1, 9, 2}, 2));
  CHECK_FALSE(number_of(quniform{0, 1, 0.25}, 0.3));
  CHECK_FALSE(number_of(choice{{"a", "b"}}, "c"));
  CHECK(number_of(choice{{"a", json::array{1}}}, json::array{1}) == 1.0);
  CHECK(number_of(randint{0, 3}, 2.0) == 2.0);
  CHECK(number_of(quniform{0.1, 0.7, 0.1}, 7 * 0.1) == 0.7);
  CHECK_FALSE(number_of(quniform{0.1, 0.7, 0.1}, 0.8));
}
