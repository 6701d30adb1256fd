#include <troupe/metrics.hpp>

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <string>

using namespace troupe;

TEST_CASE("few metrics and many keep their order, and each name its last value") {
  std::mt19937_64 random{1};
  for (int round = 0; round < 200; ++round) {
    metrics m;
    std::vector<std::string> order;
    std::map<std::string, double> wanted;
    const auto names = 1 + random() % (round % 10 == 0 ? 3000 : 40);
    for (std::uint64_t i = 0; i < 2 * names; ++i) {
      const auto name = "m" + std::to_string(random() % names);
      const auto value = static_cast<double>(random() % 1000);
      if (!wanted.contains(name)) order.push_back(name);
      wanted[name] = value;
      m.set(name, value);
    }
    REQUIRE(m.size() == order.size());
    std::size_t i = 0;
    for (const auto& [name, value] : m) {
      REQUIRE(name == order[i++]);
      REQUIRE(value == wanted[name]);
      REQUIRE(*m.find(name) == value);
    }
    CHECK(m.find("another") == nullptr);
    CHECK(m.find("") == nullptr);
  }
}

TEST_CASE("metrics are equal if their names, values and order are, however they came about") {
  metrics a;
  metrics b;
  for (int i = 0; i < 100; ++i)
    a.set(std::to_string(i), i);
  b = a;
  CHECK(a == b);
  b.set("7", -1);
  CHECK_FALSE(a == b);
  b.set("7", 7);
  CHECK(a == b);
  b.set("more", 0);
  CHECK_FALSE(a == b);
  CHECK(*metrics{b}.find("more") == 0);
}
