// libtorch defines CHECK too, so doctest's macros go by their long names here.
#define DOCTEST_CONFIG_NO_SHORT_MACRO_NAMES
#include "model/state_kit.hpp"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/dropout.h>
#include <ATen/ops/ones.h>
#include <doctest/doctest.h>
#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/optim.h>

#include <thread>

namespace {

using namespace troupe;

/// A network whose layers drop from one generator.
struct dropping {
  explicit dropping(std::uint64_t seed) : random{generator(seed)} {
    reset_parameters(*net, generator(seed));
  }

  double step(std::uint64_t number) {
    auto noise = generator(number);
    const auto x = at::randn({16, 3}, noise), y = at::randn({16, 2}, noise);
    optimizer.zero_grad();
    const auto loss = at::mse_loss(net->forward(x), y);
    loss.backward();
    optimizer.step();
    return loss.item<double>();
  }

  at::Generator random;
  torch::nn::Sequential net{torch::nn::Linear{3, 20}, dropout{0.5, random}, torch::nn::ReLU{},
                            dropout{0.2, random}, torch::nn::Linear{20, 2}};
  torch::optim::Adam optimizer{net->parameters(), 0.01};
  training_state state{*net, optimizer, random};
};

std::vector<double> losses(std::uint64_t seed) {
  dropping training{seed};
  std::vector<double> all;
  for (std::uint64_t i = 0; i < 50; ++i)
    all.push_back(training.step(i));
  return all;
}

} // namespace

DOCTEST_TEST_CASE("dropout is libtorch's, from another generator") {
  auto random = generator(1);
  const auto x = at::randn({100, 7}, random);
  at::Tensor expected;
  {
    auto shared = at::detail::getDefaultCPUGenerator();
    shared.set_current_seed(5);
    expected = at::dropout(x, 0.3, true);
  }
  dropout mine{0.3, generator(5)};
  DOCTEST_CHECK(mine(x).equal(expected));
}

DOCTEST_TEST_CASE("dropout drops a share p, keeps the mean, and does nothing after eval") {
  const auto ones = at::ones({100, 100});
  dropout half{0.25, generator(1)};
  const auto dropped = half(ones);
  DOCTEST_CHECK(dropped.eq(0).sum().item<double>() == doctest::Approx(2500).epsilon(0.1));
  DOCTEST_CHECK(dropped.max().item<double>() == doctest::Approx(1 / 0.75));
  DOCTEST_CHECK(!half(ones).equal(dropped));
  half->eval();
  DOCTEST_CHECK(half(ones).equal(ones));
  DOCTEST_CHECK(dropout{0, generator(1)}(ones).equal(ones));
}

DOCTEST_TEST_CASE("dropout refuses what is no share") {
  for (const double p : {-0.1, 1.0, 1.5, std::nan("")})
    DOCTEST_CHECK_THROWS_AS((dropout{p, generator(1)}), std::invalid_argument);
}

DOCTEST_TEST_CASE("what is dropped does not depend on other threads") {
  const auto expected = losses(1), other = losses(2);
  DOCTEST_CHECK(expected != other);
  std::vector<std::vector<double>> found(4);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < found.size(); ++i)
    threads.emplace_back([&found, i] { found[i] = losses(1 + i % 2); });
  for (auto& thread : threads)
    thread.join();
  for (std::size_t i = 0; i < found.size(); ++i)
    DOCTEST_CHECK(found[i] == (i % 2 ? other : expected));
}

DOCTEST_TEST_CASE("training with dropout goes on with the generator's state") {
  dropping one{1}, other{2};
  for (std::uint64_t i = 0; i < 5; ++i)
    one.step(i);
  other.state.restore(one.state.save());
  for (std::uint64_t i = 5; i < 8; ++i)
    DOCTEST_CHECK(one.step(i) == other.step(i));
  DOCTEST_CHECK(same(*one.net, *other.net));
}

DOCTEST_TEST_CASE("a network with dropout can be cloned") {
  dropping one{1};
  auto copy = std::dynamic_pointer_cast<torch::nn::SequentialImpl>(one.net->clone());
  one.net->eval();
  copy->eval();
  const auto x = at::ones({2, 3});
  DOCTEST_CHECK(copy->forward(x).equal(one.net->forward(x)));
}
