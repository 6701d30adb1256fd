#include "search/life/resource_ledger.hpp"

#include <troupe/random.hpp>

#include <doctest/doctest.h>

#include <iterator>
#include <limits>

using namespace troupe;

TEST_CASE("as many leases as can be held at once are granted, and no more") {
  constexpr double gpus[] = {0, 0.1, 0.18, 0.25, 1.0 / 3, 0.5, 0.7, 0.9999, 1, 2, 3};
  random_stream random{3, 0, "most at once"};
  for (int round = 0; round < 300; ++round) {
    const resource_ledger whole{{.cpus = 1 + 0.5 * static_cast<double>(random.below(12)),
                                 .gpus = static_cast<int>(random.below(9)),
                                 .memory_gb = 8}};
    const resources amount{.cpu = 0.25 * static_cast<double>(1 + random.below(11)),
                           .gpu = gpus[random.below(std::size(gpus))],
                           .memory_gb = random.uniform() * 4};
    CAPTURE(amount.cpu);
    CAPTURE(amount.gpu);
    auto ledger = whole;
    for (auto left = whole.most_at_once(amount); left > 0; --left)
      REQUIRE(ledger.grant(amount));
    REQUIRE_FALSE(ledger.grant(amount));
  }
}

TEST_CASE("what is left of a GPU that trials share serves nobody") {
  const auto most = [](int gpus, double each) {
    return resource_ledger{{.cpus = 99, .gpus = gpus}}.most_at_once({.cpu = 0, .gpu = each});
  };
  CHECK(most(4, 0.7) == 4);
  CHECK(most(8, 0.18) == 40);
  CHECK(most(3, 2) == 1);
  CHECK(most(0, 0.5) == 0);
  CHECK(most(3, 1.5) == 0);
  CHECK(resource_ledger{{.cpus = 0.3}}.most_at_once({.cpu = 0.1}) == 3);
  CHECK(resource_ledger{{.cpus = 1}}.most_at_once({.cpu = 0}) ==
        std::numeric_limits<std::uint64_t>::max());
}
