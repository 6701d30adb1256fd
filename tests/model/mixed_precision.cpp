// libtorch defines CHECK too, so doctest's macros go by their long names here.
#define DOCTEST_CONFIG_NO_SHORT_MACRO_NAMES
#include "model/state_kit.hpp"

#include <ATen/autocast_mode.h>
#include <ATen/ops/full.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/ones.h>
#include <doctest/doctest.h>
#include <torch/optim.h>

#include <limits>
#include <thread>

namespace {

using namespace troupe;
namespace optim = torch::optim;

const c10::Device cpu{c10::kCPU};

/// A training in half precision, as mixed_precision.hpp shows it.
struct half_training {
  explicit half_training(std::uint64_t seed, grad_scaler_options options = {})
      : net{seed},
        scaler{cpu, options} {}

  double step(std::uint64_t number) {
    auto random = generator(number);
    const auto x = at::randn({8, 3}, random), y = at::randn({8, 2}, random);
    optimizer.zero_grad();
    at::Tensor loss;
    {
      const autocast mixed{cpu, at::kHalf};
      loss = at::mse_loss(net.forward(x), y);
    }
    scaler.scale(loss).backward();
    stepped = scaler.step(optimizer);
    scaler.update();
    return loss.item<double>();
  }

  small_net net;
  optim::Adam optimizer{net.parameters(), 0.01};
  grad_scaler scaler;
  training_state state{net, optimizer, scaler};
  bool stepped = false;
};

/// One weight, whose gradient is what it is multiplied with.
struct one_weight {
  bool step(grad_scaler& scaler, float gradient) {
    optimizer.zero_grad();
    scaler.scale((weight * gradient).sum()).backward();
    const auto stepped = scaler.step(optimizer);
    scaler.update();
    return stepped;
  }

  at::Tensor weight = at::ones({1}).requires_grad_();
  optim::SGD optimizer{{weight}, 0.5};
};

constexpr auto inf = std::numeric_limits<float>::infinity();

} // namespace

DOCTEST_TEST_CASE("autocast multiplies in its type, and leaves the thread as it was") {
  const auto a = at::ones({2, 2});
  const auto product = [&a] { return at::matmul(a, a).scalar_type(); };
  {
    const autocast mixed{cpu, at::kBFloat16};
    DOCTEST_CHECK((product() == at::kBFloat16));
    {
      const autocast half{cpu, at::kHalf};
      DOCTEST_CHECK((product() == at::kHalf));
      const autocast none{cpu, at::kFloat};
      DOCTEST_CHECK((product() == at::kFloat));
    }
    DOCTEST_CHECK((product() == at::kBFloat16));
    std::thread{[&] { DOCTEST_CHECK((product() == at::kFloat)); }}.join();
  }
  DOCTEST_CHECK((product() == at::kFloat));
  DOCTEST_CHECK(at::autocast::is_autocast_cache_enabled());
}

DOCTEST_TEST_CASE("weights and gradients stay float under autocast, and training goes on") {
  const auto train = [](small_net& net, optim::Adam& optimizer, std::uint64_t number) {
    auto random = generator(number);
    const auto x = at::randn({8, 3}, random), y = at::randn({8, 2}, random);
    optimizer.zero_grad();
    at::Tensor loss;
    {
      const autocast mixed{cpu, at::kBFloat16};
      const auto guess = net.forward(x);
      DOCTEST_CHECK((guess.scalar_type() == at::kBFloat16));
      loss = at::mse_loss(guess, y);
    }
    loss.backward();
    DOCTEST_CHECK((net.in->weight.grad().scalar_type() == at::kFloat));
    optimizer.step();
    return loss.item<double>();
  };
  small_net one{1}, other{2};
  optim::Adam first{one.parameters(), 0.01}, second{other.parameters(), 0.01};
  for (std::uint64_t i = 0; i < 4; ++i)
    train(one, first, i);
  training_state{other, second}.restore(training_state{one, first}.save());
  for (std::uint64_t i = 4; i < 7; ++i)
    DOCTEST_CHECK(train(one, first, i) == train(other, second, i));
  DOCTEST_CHECK(same(one, other));
}

DOCTEST_TEST_CASE("the scale grows after growth_interval steps, and backs off after an overflow") {
  grad_scaler scaler{cpu, {.init_scale = 8, .growth_interval = 2}};
  one_weight training;
  DOCTEST_CHECK(training.step(scaler, 1));
  DOCTEST_CHECK(training.weight.item<float>() == 0.5F); // As if there were no scale.
  DOCTEST_CHECK(scaler.get_scale() == 8);
  DOCTEST_CHECK(training.step(scaler, 1));
  DOCTEST_CHECK(scaler.get_scale() == 16);
  DOCTEST_CHECK(training.step(scaler, 1));
  for (const auto bad : {inf, std::numeric_limits<float>::quiet_NaN()}) {
    const auto before = training.weight.item<float>();
    const auto scale = scaler.get_scale();
    DOCTEST_CHECK(!training.step(scaler, bad));
    DOCTEST_CHECK(training.weight.item<float>() == before);
    DOCTEST_CHECK(scaler.get_scale() == scale / 2);
  }
  // The step before the overflow does not count any more.
  training.step(scaler, 1);
  DOCTEST_CHECK(scaler.get_scale() == 4);
  training.step(scaler, 1);
  DOCTEST_CHECK(scaler.get_scale() == 8);
}

DOCTEST_TEST_CASE("training in half precision goes on with the scaler's state") {
  const grad_scaler_options options{.init_scale = 1e9, .growth_interval = 3};
  half_training one{1, options}, other{2};
  bool overflowed = false, stepped = false;
  for (std::uint64_t i = 0; i < 40; ++i) {
    one.step(i);
    (one.stepped ? stepped : overflowed) = true;
  }
  DOCTEST_CHECK(overflowed);
  DOCTEST_CHECK(stepped);
  other.state.restore(one.state.save());
  DOCTEST_CHECK(other.scaler.options().growth_interval == 3);
  for (std::uint64_t i = 40; i < 50; ++i) {
    DOCTEST_CHECK(one.step(i) == other.step(i));
    DOCTEST_CHECK(one.scaler.get_scale() == other.scaler.get_scale());
  }
  DOCTEST_CHECK(same(one.net, other.net));
}

DOCTEST_TEST_CASE("gradients can be clipped between unscale and step") {
  grad_scaler scaler{cpu, {.init_scale = 1024}};
  one_weight training;
  scaler.scale(training.weight.sum() * 3).backward();
  scaler.unscale(training.optimizer);
  DOCTEST_CHECK(training.weight.grad().item<float>() == 3);
  training.weight.mutable_grad().clamp_max_(1);
  DOCTEST_CHECK(scaler.step(training.optimizer));
  DOCTEST_CHECK(training.weight.item<float>() == 0.5F);
}

DOCTEST_TEST_CASE("one optimizer's overflow stops that one, and the scale backs off") {
  grad_scaler scaler{cpu, {.init_scale = 8}};
  one_weight good, bad;
  scaler.scale(good.weight.sum()).backward();
  scaler.scale((bad.weight * inf).sum()).backward();
  DOCTEST_CHECK(scaler.step(good.optimizer));
  DOCTEST_CHECK(!scaler.step(bad.optimizer));
  scaler.update();
  DOCTEST_CHECK(scaler.get_scale() == 4);
}

DOCTEST_TEST_CASE("Troupe's own optimizer steps under a scaler too") {
  small_net one{1}, other{1};
  sgd plain{one, {.lr = 0.1, .momentum = 0.9}}, scaled{other, {.lr = 0.1, .momentum = 0.9}};
  grad_scaler scaler{cpu, {.init_scale = 1024}};
  noisy_step(one, plain, 0);
  auto random = generator(0);
  const auto x = at::randn({8, 3}, random), y = at::randn({8, 2}, random);
  scaler.scale(at::mse_loss(other.forward(x), y)).backward();
  DOCTEST_CHECK(scaler.step(scaled));
  DOCTEST_CHECK(same(one, other)); // 1024 is a power of two.
}

DOCTEST_TEST_CASE("a scaler that is not enabled does nothing") {
  grad_scaler scaler{cpu, {.enabled = false}};
  one_weight training;
  DOCTEST_CHECK(training.step(scaler, 1));
  DOCTEST_CHECK(training.weight.item<float>() == 0.5F);
  DOCTEST_CHECK(scaler.get_scale() == 1);
}

DOCTEST_TEST_CASE("a scaler that is used in the wrong order says so") {
  grad_scaler scaler;
  one_weight training;
  DOCTEST_CHECK_THROWS_AS(scaler.update(), std::logic_error);
  scaler.scale(training.weight.sum()).backward();
  scaler.unscale(training.optimizer);
  DOCTEST_CHECK_THROWS_AS(scaler.unscale(training.optimizer), std::logic_error);
  scaler.step(training.optimizer);
  DOCTEST_CHECK_THROWS_AS(scaler.step(training.optimizer), std::logic_error);
  DOCTEST_CHECK_THROWS_AS((grad_scaler{cpu, {.growth_factor = 1}}), std::invalid_argument);
  auto half = at::ones({1}, at::kHalf).requires_grad_();
  optim::SGD of_halves{{half}, 0.1};
  half.sum().backward();
  scaler.update();
  DOCTEST_CHECK_THROWS_WITH_AS(scaler.step(of_halves), doctest::Contains("half precision"),
                               std::invalid_argument);
}
