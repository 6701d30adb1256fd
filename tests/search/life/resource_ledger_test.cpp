#include "search/life/lease_queue.hpp"
#include "search/life/resource_ledger.hpp"

#include <troupe/random.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>
#include <vector>

using namespace troupe;

namespace {

using devices = std::vector<int>;

resources gpu(double amount) {
  return {.cpu = 0, .gpu = amount};
}
resources cpu(double amount) {
  return {.cpu = amount};
}

/// What leases add up to, recomputed from what was granted; in 1/10000.
struct sums {
  long cpu = 0, memory = 0;
  std::map<int, long> gpus;
};

long units(double amount) {
  return std::lround(amount * 10000);
}

sums add_up(const std::vector<lease>& leases) {
  sums total;
  for (const auto& l : leases) {
    total.cpu += units(l.cpu);
    total.memory += units(l.memory_gb);
    for (const int device : l.gpus)
      total.gpus[device] += std::min(units(l.gpu), 10000L);
  }
  return total;
}

resources draw_amount(random_stream& random) {
  constexpr double fractions[] = {0, 0.1, 0.25, 1.0 / 3, 0.5, 0.7, 0.9999};
  const double cpus = 0.25 * static_cast<double>(random.below(12));
  const double gpus = random.below(3) == 0 ? static_cast<double>(random.below(4))
                                           : fractions[random.below(std::size(fractions))];
  return {.cpu = cpus, .gpu = gpus, .memory_gb = random.uniform() * 4};
}

lease take_any(std::vector<lease>& held, random_stream& random) {
  const auto at = held.begin() + static_cast<std::ptrdiff_t>(random.below(held.size()));
  lease taken = *at;
  held.erase(at);
  return taken;
}

} // namespace

TEST_SUITE("resource ledger") {
  TEST_CASE("three thirds and ten tenths of a CPU fit, a bit more does not") {
    resource_ledger ledger{{.cpus = 2, .memory_gb = {}}};
    for (int i = 0; i < 3; ++i)
      CHECK(ledger.grant(cpu(1.0 / 3)));
    for (int i = 0; i < 10; ++i)
      CHECK(ledger.grant(cpu(0.1)));
    CHECK(ledger.grant(cpu(0.0001)));
    CHECK_FALSE(ledger.grant(cpu(0.0001)));
  }

  TEST_CASE("a lease says what was granted") {
    resource_ledger ledger{{.cpus = 4, .gpus = 2, .memory_gb = 8}};
    CHECK(ledger.grant({.cpu = 1.5, .gpu = 0.5, .memory_gb = 3}) ==
          lease{.id = 1, .cpu = 1.5, .gpu = 0.5, .memory_gb = 3, .gpus = {0}});
    CHECK(ledger.grant({.cpu = 0, .gpu = 1, .memory_gb = 0}) ==
          lease{.id = 2, .cpu = 0, .gpu = 1, .memory_gb = 0, .gpus = {1}});
  }

  TEST_CASE("a GPU fraction never straddles devices") {
    resource_ledger ledger{{.cpus = 0, .gpus = 2, .memory_gb = {}}};
    CHECK(ledger.grant(gpu(0.6))->gpus == devices{0});
    CHECK(ledger.grant(gpu(0.6))->gpus == devices{1});
    CHECK_FALSE(ledger.grant(gpu(0.6)));
    CHECK(ledger.grant(gpu(0.4))->gpus == devices{0});
  }

  TEST_CASE("a GPU fraction goes to the fullest device that has room") {
    resource_ledger ledger{{.cpus = 0, .gpus = 3, .memory_gb = {}}};
    CHECK(ledger.grant(gpu(0.5))->gpus == devices{0});
    CHECK(ledger.grant(gpu(0.7))->gpus == devices{1});
    CHECK(ledger.grant(gpu(0.2))->gpus == devices{1});
    CHECK(ledger.grant(gpu(0.2))->gpus == devices{0});
    CHECK(ledger.grant(gpu(1))->gpus == devices{2});
  }

  TEST_CASE("whole GPUs are devices that nobody else uses") {
    resource_ledger ledger{{.cpus = 0, .gpus = 4, .memory_gb = {}}};
    const auto part = ledger.grant(gpu(0.1));
    CHECK_FALSE(ledger.grant(gpu(4)));
    CHECK(ledger.grant(gpu(2))->gpus == devices{1, 2});
    CHECK_FALSE(ledger.grant(gpu(2)));
    ledger.release(part->id);
    CHECK(ledger.grant(gpu(2))->gpus == devices{0, 3});
  }

  TEST_CASE("what can never be granted is known beforehand") {
    const resource_ledger ledger{{.cpus = 2, .gpus = 2, .memory_gb = 8}};
    CHECK(ledger.can_ever_grant({.cpu = 2, .gpu = 2, .memory_gb = 8}));
    CHECK_FALSE(ledger.can_ever_grant(cpu(2.001)));
    CHECK_FALSE(ledger.can_ever_grant(gpu(1.5)));
    CHECK_FALSE(ledger.can_ever_grant(gpu(3)));
    CHECK_FALSE(ledger.can_ever_grant({.memory_gb = 8.5}));
    CHECK_FALSE(ledger.can_ever_grant(cpu(-1)));
    CHECK_FALSE(ledger.can_ever_grant(gpu(-0.5)));
    CHECK_FALSE(ledger.can_ever_grant(cpu(std::numeric_limits<double>::quiet_NaN())));
    CHECK_FALSE(ledger.can_ever_grant(cpu(1e300)));
  }

  TEST_CASE("memory that is not counted never runs out") {
    resource_ledger ledger{{.cpus = 1, .memory_gb = {}}};
    for (int i = 0; i < 100; ++i)
      CHECK(ledger.grant({.cpu = 0, .memory_gb = 1e6}));
  }

  TEST_CASE("a lease can be given back once") {
    resource_ledger ledger{{.cpus = 1, .memory_gb = {}}};
    const auto all = ledger.grant(cpu(1));
    CHECK_FALSE(ledger.grant(cpu(1)));
    ledger.release(all->id);
    CHECK_THROWS_WITH_AS(ledger.release(all->id), "nobody has lease 1", std::invalid_argument);
    CHECK(ledger.grant(cpu(1))->id == 2);
    CHECK_FALSE(ledger.grant(cpu(1)));
  }

  TEST_CASE("a machine with less than nothing is refused") {
    CHECK_THROWS_AS(resource_ledger({.cpus = -1, .memory_gb = {}}), std::invalid_argument);
    CHECK_THROWS_AS(resource_ledger({.cpus = 1, .gpus = -1, .memory_gb = {}}),
                    std::invalid_argument);
  }

  TEST_CASE("random grants and releases never exceed the machine and lose nothing") {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      CAPTURE(seed);
      random_stream random{seed, 0, "ledger"};
      const capacity machine{.cpus = 6, .gpus = 3, .memory_gb = 10};
      resource_ledger ledger{machine};
      std::vector<lease> held;
      for (int step = 0; step < 500; ++step) {
        const auto wanted = draw_amount(random);
        if (auto granted = ledger.grant(wanted)) {
          REQUIRE(units(granted->cpu) == units(wanted.cpu));
          REQUIRE(granted->gpus.size() == static_cast<std::size_t>(std::ceil(wanted.gpu)));
          held.push_back(*granted);
        }
        if (!held.empty() && random.below(2) == 0) ledger.release(take_any(held, random).id);
        const auto used = add_up(held);
        REQUIRE(used.cpu <= 60000);
        REQUIRE(used.memory <= 100000);
        for (const auto& [device, amount] : used.gpus) {
          REQUIRE(device < machine.gpus);
          REQUIRE(amount <= 10000);
        }
      }
      while (!held.empty())
        ledger.release(take_any(held, random).id);
      CHECK(ledger.grant({.cpu = 6, .gpu = 3, .memory_gb = 10}));
    }
  }

  TEST_CASE("an amount is refused only if there is no room for it") {
    random_stream random{5, 0, "ledger"};
    resource_ledger ledger{{.cpus = 4, .gpus = 3, .memory_gb = {}}};
    std::vector<lease> held;
    for (int step = 0; step < 2000; ++step) {
      auto wanted = draw_amount(random);
      wanted.memory_gb = 0;
      auto used = add_up(held);
      long idle = 0, roomiest = 0;
      for (int device = 0; device < 3; ++device) {
        const long free = 10000 - used.gpus[device];
        idle += free == 10000 ? 1 : 0;
        roomiest = std::max(roomiest, free);
      }
      const bool gpus_fit =
          wanted.gpu >= 1 ? static_cast<double>(idle) >= wanted.gpu : roomiest >= units(wanted.gpu);
      const auto granted = ledger.grant(wanted);
      REQUIRE(granted.has_value() == (gpus_fit && used.cpu + units(wanted.cpu) <= 40000));
      if (granted) held.push_back(*granted);
      if (!held.empty() && random.below(2) == 0) ledger.release(take_any(held, random).id);
    }
  }
}

TEST_SUITE("lease queue") {
  TEST_CASE("the oldest request goes first") {
    resource_ledger ledger{{.cpus = 2, .memory_gb = {}}};
    lease_queue queue;
    for (const std::uint64_t ticket : {8u, 3u, 5u})
      queue.push(ticket, cpu(1));
    const auto first = queue.next(ledger);
    CHECK(first->ticket == 8);
    CHECK(queue.next(ledger)->ticket == 3);
    CHECK_FALSE(queue.next(ledger));
    ledger.release(first->lease.id);
    CHECK(queue.next(ledger)->ticket == 5);
    CHECK(queue.empty());
  }

  TEST_CASE("a smaller request passes while the oldest cannot fit") {
    resource_ledger ledger{{.cpus = 2, .memory_gb = {}}};
    lease_queue queue;
    const auto running = ledger.grant(cpu(1));
    queue.push(1, cpu(2));
    queue.push(2, cpu(1.5));
    queue.push(3, cpu(0.5));
    const auto passing = queue.next(ledger);
    CHECK(passing->ticket == 3);
    CHECK_FALSE(queue.next(ledger));
    ledger.release(running->id);
    CHECK(queue.next(ledger)->ticket == 2);
    CHECK_FALSE(queue.next(ledger));
  }

  TEST_CASE("after so many have passed, room is saved for the oldest") {
    resource_ledger ledger{{.cpus = 2, .memory_gb = {}}};
    lease_queue queue;
    auto running = ledger.grant(cpu(1));
    queue.push(0, cpu(2));
    for (std::uint64_t ticket = 1; ticket <= 40; ++ticket)
      queue.push(ticket, cpu(1));
    for (std::uint64_t ticket = 1; ticket <= lease_queue::most_passes; ++ticket) {
      const auto passing = queue.next(ledger);
      REQUIRE(passing->ticket == ticket);
      CHECK_FALSE(queue.next(ledger));
      ledger.release(passing->lease.id);
    }
    CHECK_FALSE(queue.next(ledger));
    ledger.release(running->id);
    const auto oldest = queue.next(ledger);
    CHECK(oldest->ticket == 0);
    ledger.release(oldest->lease.id);
    CHECK(queue.next(ledger)->ticket == lease_queue::most_passes + 1);
  }

  TEST_CASE("a request that was withdrawn is not granted, and no longer in the way") {
    resource_ledger ledger{{.cpus = 2, .memory_gb = {}}};
    lease_queue queue;
    const auto running = ledger.grant(cpu(1));
    queue.push(1, cpu(2));
    queue.push(2, cpu(1));
    CHECK(queue.cancel(1));
    CHECK_FALSE(queue.cancel(1));
    CHECK(queue.next(ledger)->ticket == 2);
    CHECK(queue.empty());
  }

  TEST_CASE("every request is granted in the end, and is passed only so often") {
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
      CAPTURE(seed);
      random_stream random{seed, 0, "queue"};
      resource_ledger ledger{{.cpus = 4, .gpus = 2, .memory_gb = 10}};
      lease_queue queue;
      std::vector<lease> held;
      std::vector<bool> granted;
      std::size_t oldest = 0;
      int passes = 0;
      while (granted.size() < 400 || !queue.empty()) {
        const auto wanted = draw_amount(random);
        if (granted.size() < 400 && ledger.can_ever_grant(wanted)) {
          queue.push(granted.size(), wanted);
          granted.push_back(false);
        }
        while (auto next = queue.next(ledger)) {
          REQUIRE_FALSE(granted[next->ticket]);
          granted[next->ticket] = true;
          held.push_back(next->lease);
          passes = next->ticket == oldest ? 0 : passes + 1;
          REQUIRE(passes <= lease_queue::most_passes);
          while (oldest < granted.size() && granted[oldest])
            ++oldest;
        }
        REQUIRE((queue.empty() || !held.empty()));
        if (!held.empty()) ledger.release(take_any(held, random).id);
      }
      CHECK(std::all_of(granted.begin(), granted.end(), [](bool g) { return g; }));
    }
  }
}
