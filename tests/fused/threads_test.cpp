#include "fused/fused_kit.hpp"
#include "fused/team.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <stdexcept>

using namespace troupe::fused;

namespace {

constexpr std::size_t outputs = 5;

network shared_network(int threads) {
  return {image{2, 8, 8}, small_blocks(), 1, threads};
}

/// Trains with batches of several sizes; returns the losses.
std::vector<double> train(trainer& t, std::uint64_t first, std::uint64_t last) {
  constexpr std::array<std::size_t, 5> sizes{64, 3, 17, 100, 33};
  std::vector<double> losses;
  for (auto step = first; step < last; ++step) {
    const examples some{sizes[step % sizes.size()], 128, outputs, step};
    losses.push_back(t.step(some.values, some.labels));
  }
  return losses;
}

} // namespace

TEST_CASE("shares are even, and together all") {
  for (std::size_t total : {1, 7, 16, 17, 1000})
    for (std::size_t shares : {1, 2, 3, 7}) {
      std::size_t next = 0;
      for (std::size_t k = 0; k < shares; ++k) {
        const auto part = share_of(total, shares, k);
        CHECK(part.first == next);
        CHECK(part.count >= total / shares);
        CHECK(part.count <= total / shares + 1);
        next = part.first + part.count;
      }
      CHECK(next == total);
    }
}

TEST_CASE("a team does each part of each thing once, however many take part") {
  team workers{4};
  std::array<int, 4> done{};
  for (int round = 0; round < 3000; ++round)
    workers.run(1 + round % 4, [&](std::size_t k) { ++done[k]; });
  CHECK(done == std::array<int, 4>{3000, 2250, 1500, 750});
}

TEST_CASE("threads share a batch, and learn what one learns") {
  for (const optimizer& o :
       {optimizer{sgd{.lr = 0.05, .momentum = 0.9}}, optimizer{adam{.lr = 1e-3, .eps = 1e-3}}}) {
    auto alone = shared_network(1);
    trainer by_one{alone, o, 7};
    const auto expected = train(by_one, 0, 20);
    for (const int threads : {2, 3, 5}) {
      auto net = shared_network(threads);
      trainer together{net, o, 7};
      const auto losses = train(together, 0, 20);
      for (std::size_t i = 0; i < losses.size(); ++i)
        CHECK(losses[i] == doctest::Approx(expected[i]).epsilon(1e-5));
    }
  }
}

TEST_CASE("threads share predictions") {
  auto alone = shared_network(1), shared = shared_network(3);
  for (const std::size_t count : {1, 16, 47, 500}) {
    const examples some{count, 128, outputs, count};
    const auto expected = alone.predict(some.values);
    CHECK(std::ranges::equal(shared.predict(some.values), expected,
                             [](float a, float b) { return std::abs(a - b) < 1e-6F; }));
  }
}

TEST_CASE("with threads too, training goes on bit by bit as if it had not stopped") {
  auto whole = shared_network(3), first_half = shared_network(3), second_half = shared_network(3);
  trainer in_one_go{whole, adamw{}, 7}, begun{first_half, adamw{}, 7},
      continued{second_half, adamw{}, 7};
  train(in_one_go, 0, 12);
  train(begun, 0, 5);
  continued.restore(begun.save());
  train(continued, 5, 12);
  CHECK(same(in_one_go.save(), continued.save()));
}

TEST_CASE("squared error is shared too, and a wrong label of any share refused") {
  auto alone = shared_network(1), shared = shared_network(2);
  trainer by_one{alone, sgd{.lr = 0.1}, 7}, by_two{shared, sgd{.lr = 0.1}, 7};
  examples some{40, 128, outputs, 1};
  const std::vector<float> targets(40 * outputs, 0.5F);
  for (int step = 0; step < 5; ++step)
    CHECK(by_one.step(some.values, targets) ==
          doctest::Approx(by_two.step(some.values, targets)).epsilon(1e-5));
  const auto before = by_two.save();
  some.labels[39] = outputs;
  CHECK_THROWS_AS(by_two.step(some.values, some.labels), std::invalid_argument);
  CHECK(same(by_two.save(), before));
}

TEST_CASE("a network has at least one thread") {
  CHECK_THROWS_WITH_AS(shared_network(0), doctest::Contains("0 threads"), std::invalid_argument);
}
