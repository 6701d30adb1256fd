#include "base/json.hpp"

#include <troupe/config.hpp>

#include <doctest/doctest.h>

#include <stdexcept>

using namespace troupe;

namespace {

config example() {
  return parse_json(R"({"lr": 0.1, "batch": 16.0, "layers": [{"units": 8}, 4], "name": "adam",
    "nesterov": true, "optimizer": {"momentum": 0.9}, "big": 18446744073709551615})")
      .as_object();
}

} // namespace

TEST_CASE("a parameter is found by its path") {
  const auto c = example();
  CHECK(find(c, "lr")->get_double() == 0.1);
  CHECK(find(c, "optimizer/momentum")->get_double() == 0.9);
  CHECK(find(c, "layers/0/units")->get_int64() == 8);
  CHECK(find(c, "layers/1")->get_int64() == 4);
  for (const auto* absent : {"", "mu", "lr/x", "optimizer/", "optimizer/x", "layers/2", "layers/01",
                             "layers/units", "/lr", "layers/99999999999999999999"})
    CHECK(find(c, absent) == nullptr);
}

TEST_CASE("a parameter is read as the type that is asked for") {
  const auto c = example();
  CHECK(param<double>(c, "lr") == 0.1);
  CHECK(param<float>(c, "lr") == 0.1f);
  CHECK(param<double>(c, "layers/1") == 4.0);
  CHECK(param<int>(c, "batch") == 16);
  CHECK(param<std::size_t>(c, "layers/0/units") == 8);
  CHECK(param<std::string>(c, "name") == "adam");
  CHECK(param<bool>(c, "nesterov"));
}

TEST_CASE("an absent parameter is named, with those that are there") {
  const auto c = parse_json(R"({"lr": 1, "momentum": 2})").as_object();
  CHECK_THROWS_WITH_AS(param<double>(c, "l_r"),
                       R"(the configuration has no parameter "l_r"; it has "lr" "momentum")",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(param<double>({}, "lr"),
                       R"(the configuration has no parameter "lr"; it has none)",
                       std::invalid_argument);
}

TEST_CASE("a parameter of another kind says what it is and what it must be") {
  const auto c = example();
  CHECK_THROWS_WITH_AS(param<int>(c, "lr"), R"(parameter "lr" is 0.1, but must be an integer)",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(param<double>(c, "name"),
                       R"(parameter "name" is the text "adam", but must be a number)",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(param<std::string>(c, "nesterov"),
                       R"(parameter "nesterov" is true, but must be a string)",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(param<bool>(c, "optimizer"),
                       R"(parameter "optimizer" is {"momentum": 0.9}, but must be true or false)",
                       std::invalid_argument);
  CHECK_THROWS_AS(param<std::int64_t>(c, "big"), std::invalid_argument);
}

TEST_CASE("an integer that does not fit is refused") {
  const auto c = parse_json(R"({"n": 300, "m": -1, "x": 1e300})").as_object();
  CHECK(param<std::int16_t>(c, "n") == 300);
  CHECK_THROWS_AS(param<std::uint8_t>(c, "n"), std::invalid_argument);
  CHECK_THROWS_AS(param<unsigned>(c, "m"), std::invalid_argument);
  CHECK_THROWS_AS(param<std::int64_t>(c, "x"), std::invalid_argument);
}

TEST_CASE("an unsigned integer that fits is an integer") {
  CHECK(param<int>(config{{"n", std::uint64_t{7}}}, "n") == 7);
  CHECK_THROWS_AS(param<int>(config{{"n", ~std::uint64_t{0}}}, "n"), std::invalid_argument);
}

TEST_CASE("a parameter may have a value for when it is not there") {
  const config c{{"lr", 0.5}, {"n", 3}, {"kind", "adam"}, {"fast", true}};
  CHECK(param(c, "lr", 0.1) == 0.5);
  CHECK(param(c, "momentum", 0.9) == 0.9);
  CHECK(param(c, "n", 8) == 3);
  CHECK(param<double>(c, "n", 8) == 3.0);
  CHECK(param(c, "kind", "sgd") == "adam");
  CHECK(param(c, "other", "sgd") == std::string{"sgd"});
  CHECK(param<std::string>(c, "other", "sgd") == "sgd");
  CHECK_FALSE(param(c, "slow", false));
  CHECK_THROWS_AS(param(c, "kind", 1), std::invalid_argument);
}
