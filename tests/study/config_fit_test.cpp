#include "study/config_fit.hpp"

#include <doctest/doctest.h>

using namespace troupe;

namespace {

search_space small_space() {
  search_space s;
  s.add("lr", loguniform{1e-4, 1e-1});
  s.add("net/layers", randint{1, 4});
  s.add("kind", choice{{"sgd", "adam"}});
  s.add("momentum", uniform{0, 1}, {{"kind", {"sgd"}}});
  s.add("epochs", constant{10});
  return s;
}

config small_config() {
  return {{"lr", 0.01}, {"net", {{"layers", 2}}}, {"kind", "adam"}, {"epochs", 10}};
}

} // namespace

TEST_CASE("whatever is drawn from a space fits it") {
  for (std::uint64_t n = 0; n < 200; ++n)
    CHECK(fits(small_space(), sample(small_space(), 7, n)));
}

TEST_CASE("numbers that are worth the same fit alike") {
  auto c = small_config();
  c["epochs"] = 10.0;
  CHECK(fits(small_space(), c));
}

TEST_CASE("a configuration that could not be drawn does not fit") {
  REQUIRE(fits(small_space(), small_config()));
  const auto with = [](const char* name, boost::json::value v) {
    auto c = small_config();
    c[name] = std::move(v);
    return c;
  };
  CHECK_FALSE(fits(small_space(), with("lr", 0.5)));
  CHECK_FALSE(fits(small_space(), with("lr", "fast")));
  CHECK_FALSE(fits(small_space(), with("net", {{"layers", 4}})));
  CHECK_FALSE(fits(small_space(), with("net", {{"layers", 2}, {"width", 3}})));
  CHECK_FALSE(fits(small_space(), with("epochs", 11)));
  CHECK_FALSE(fits(small_space(), with("momentum", 0.5))); // not active
  CHECK_FALSE(fits(small_space(), with("kind", "sgd")));   // momentum is missing
  CHECK_FALSE(fits(small_space(), with("unknown", 1)));
  auto c = small_config();
  c.erase("epochs");
  CHECK_FALSE(fits(small_space(), c));
}

TEST_CASE("a space whose parameters a program draws takes any configuration") {
  CHECK(fits({}, small_config()));
}
