// libtorch defines CHECK too, so doctest's macros go by their long names here.
#define DOCTEST_CONFIG_NO_SHORT_MACRO_NAMES
#include "base/safetensors.hpp"
#include "model/lenet.hpp"

#include <troupe/torch.hpp>

#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/randint.h>
#include <doctest/doctest.h>
#include <torch/nn/module.h>
#include <torch/optim/sgd.h>

#include <cmath>

namespace {

using namespace troupe;

std::shared_ptr<lenet> make_net(std::uint64_t seed = 1, std::int64_t l1 = 120,
                                std::int64_t l2 = 84) {
  auto net = std::make_shared<lenet>(l1, l2);
  reset_parameters(*net, generator(seed));
  return net;
}

bool same_weights(const torch::nn::Module& a, const torch::nn::Module& b) {
  const auto of_a = a.parameters(), of_b = b.parameters();
  return std::ranges::equal(of_a, of_b, [](const auto& x, const auto& y) { return x.equal(y); });
}

/// One batch of noise: what matters here is that gradients are not zero.
struct noise {
  explicit noise(std::uint64_t seed, std::int64_t size = 4)
      : random{generator(seed)},
        images{at::rand({size, 3, 32, 32}, random)},
        labels{at::randint(10, {size}, random, at::TensorOptions{at::kLong})} {}
  at::Generator random;
  at::Tensor images, labels;
};

void backward(lenet& net, const noise& batch) {
  at::cross_entropy_loss(net.forward(batch.images), batch.labels).backward();
}

/// Trains two equal networks, one with libtorch's optimizer, and compares them.
void compare_optimizers(sgd_options options) {
  const auto mine = make_net(), theirs = make_net();
  sgd my_optimizer{*mine, options};
  torch::optim::SGD their_optimizer{theirs->parameters(), torch::optim::SGDOptions{options.lr}
                                                              .momentum(options.momentum)
                                                              .weight_decay(options.weight_decay)};
  for (std::uint64_t step = 0; step < 300; ++step) {
    const noise batch{step};
    my_optimizer.zero_grad();
    backward(*mine, batch);
    my_optimizer.step();
    their_optimizer.zero_grad();
    backward(*theirs, batch);
    their_optimizer.step();
  }
  const auto expected = theirs->named_parameters();
  for (const auto& parameter : mine->named_parameters()) {
    DOCTEST_CAPTURE(parameter.key());
    DOCTEST_CHECK((*parameter - expected[parameter.key()]).abs().max().item<float>() < 1e-6);
  }
  DOCTEST_CHECK(!same_weights(*mine, *make_net()));
}

} // namespace

DOCTEST_TEST_CASE("the network has the tutorial's shapes") {
  const auto net = make_net();
  std::int64_t count = 0;
  for (const auto& p : net->parameters())
    count += p.numel();
  DOCTEST_CHECK(count == 62'006);
  DOCTEST_CHECK(net->named_parameters()["conv2.weight"].sizes() == at::IntArrayRef{16, 6, 5, 5});
  DOCTEST_CHECK(net->named_parameters()["fc1.weight"].sizes() == at::IntArrayRef{120, 400});
  DOCTEST_CHECK(net->forward(noise{1, 3}.images).sizes() == at::IntArrayRef{3, 10});
}

DOCTEST_TEST_CASE("the memory format of the images does not change the result") {
  const auto net = make_net();
  const auto images = noise{1, 5}.images;
  const auto channels_last = images.contiguous(at::MemoryFormat::ChannelsLast);
  DOCTEST_CHECK(net->forward(images).allclose(net->forward(channels_last), 1e-4, 1e-6));
}

DOCTEST_TEST_CASE("weights depend on the seed alone") {
  DOCTEST_CHECK(same_weights(*make_net(3), *make_net(3)));
  DOCTEST_CHECK(!same_weights(*make_net(3), *make_net(4)));
}

DOCTEST_TEST_CASE("weights follow libtorch's default law") {
  const auto net = make_net();
  const auto check = [&](const char* name, double fan_in) {
    DOCTEST_CAPTURE(name);
    const auto weights = net->named_parameters()[name];
    const double bound = 1 / std::sqrt(fan_in);
    const auto largest = weights.abs().max().item<double>();
    DOCTEST_CHECK(largest <= bound);
    DOCTEST_CHECK(largest > 0.9 * bound);
    // The deviation of a uniform law.
    DOCTEST_CHECK(weights.std().item<double>() ==
                  doctest::Approx(bound / std::sqrt(3)).epsilon(0.1));
  };
  check("conv1.weight", 75);
  check("conv2.weight", 150);
  check("fc1.weight", 400);
  check("fc1.bias", 400);
  check("fc2.weight", 120);
}

DOCTEST_TEST_CASE("300 steps equal those of libtorch's optimizer") {
  compare_optimizers({.lr = 0.01, .momentum = 0.9, .weight_decay = 5e-5});
}

DOCTEST_TEST_CASE("300 steps without momentum equal those of libtorch's optimizer") {
  compare_optimizers({.lr = 0.01});
}

DOCTEST_TEST_CASE("a parameter without a gradient stays as it is") {
  const auto net = make_net();
  sgd optimizer{*net, {.lr = 0.1, .momentum = 0.9, .weight_decay = 0.1}};
  optimizer.step();
  DOCTEST_CHECK(same_weights(*net, *make_net()));
  net->named_parameters()["fc1.weight"].requires_grad_(false);
  backward(*net, noise{1});
  optimizer.step();
  const auto before = make_net()->named_parameters(), after = net->named_parameters();
  DOCTEST_CHECK(after["fc1.weight"].equal(before["fc1.weight"]));
  DOCTEST_CHECK(!after["fc2.weight"].equal(before["fc2.weight"]));
}

DOCTEST_TEST_CASE("a checkpoint brings back weights and momentum") {
  const auto net = make_net(1), other = make_net(2);
  sgd optimizer{*net, {.lr = 0.1, .momentum = 0.9}}, other_optimizer{*other, {.lr = 0.1}};
  backward(*net, noise{1});
  optimizer.step();
  restore(*other, other_optimizer, to_checkpoint(*net, optimizer));
  DOCTEST_CHECK(same_weights(*net, *other));
  DOCTEST_CHECK(other_optimizer.momentum().size() == 10);
  for (std::size_t i = 0; i < 10; ++i) {
    DOCTEST_CHECK(other_optimizer.momentum()[i].second.equal(optimizer.momentum()[i].second));
    DOCTEST_CHECK(optimizer.momentum()[i].second.abs().max().item<float>() > 0);
  }
}

DOCTEST_TEST_CASE("a checkpoint does not change when training goes on") {
  const auto net = make_net();
  sgd optimizer{*net, {.lr = 0.1, .momentum = 0.9}};
  const auto saved = to_checkpoint(*net, optimizer);
  backward(*net, noise{1});
  optimizer.step();
  restore(*net, saved);
  DOCTEST_CHECK(same_weights(*net, *make_net()));
}

DOCTEST_TEST_CASE("a checkpoint holds the state dict under its names") {
  const auto net = make_net();
  const auto saved = to_checkpoint(*net, sgd{*net, {.lr = 0.1}});
  DOCTEST_REQUIRE(saved.blobs().size() == 2);
  const auto tensors = safetensors::read(saved.at("model.safetensors").bytes);
  DOCTEST_CHECK(tensors.size() == 10);
  DOCTEST_CHECK(tensors.front().name == "conv1.weight");
  DOCTEST_CHECK(tensors.front().dtype == "F32");
  DOCTEST_CHECK(tensors.front().shape == std::vector<std::int64_t>{6, 3, 5, 5});
  const auto momentum = safetensors::read(saved.at("optimizer.safetensors").bytes);
  DOCTEST_CHECK(momentum.front().name == "momentum.conv1.weight");
}

DOCTEST_TEST_CASE("a corrupt checkpoint is refused, and the message names the file") {
  const auto net = make_net();
  auto bytes = to_checkpoint(*net, sgd{*net, {.lr = 0.1}}).at("model.safetensors").bytes;
  bytes.pop_back();
  const checkpoint cut{{{"model.safetensors", bytes}}};
  DOCTEST_CHECK_THROWS_WITH_AS(restore(*net, cut), doctest::Contains("model.safetensors"),
                               std::runtime_error);
  const checkpoint empty{{{"model.safetensors", safetensors::write({})}}};
  DOCTEST_CHECK_THROWS_WITH_AS(
      restore(*net, empty), doctest::Contains("\"conv1.weight\" is missing"), std::runtime_error);
}
