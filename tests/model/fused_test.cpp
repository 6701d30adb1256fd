// libtorch defines CHECK too, so doctest's macros go by their long names here.
#define DOCTEST_CONFIG_NO_SHORT_MACRO_NAMES
#include "model/fused_twins.hpp"
#include "model/lenet.hpp"

#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/mse_loss.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>
#include <doctest/doctest.h>
#include <torch/optim.h>

#include <cmath>
#include <functional>
#include <memory>

namespace {
using namespace troupe;

/// One batch for both of the twins.
struct batch {
  at::Tensor examples, labels, targets; ///< double, int64, double.

  batch(const twin_networks& twin, std::uint64_t seed) {
    const auto g = generator(seed);
    examples =
        at::randn({twin.batch, twin.in.channels, twin.in.height, twin.in.width}, g, at::kDouble);
    labels = at::randint(0, twin.outputs, {twin.batch}, g, at::kLong);
    targets = at::randn({twin.batch, twin.outputs}, g, at::kDouble);
  }

  at::Tensor loss(const twin_networks& twin, at::ScalarType type) const {
    const auto outputs = twin.net().forward(examples.to(type));
    return twin.classifies ? at::cross_entropy_loss(outputs, labels)
                           : at::mse_loss(outputs, targets.to(type));
  }

  double step(const twin_networks& twin, fused::trainer& t) const {
    const auto x = examples.to(at::kFloat).contiguous(), y = targets.to(at::kFloat).contiguous();
    const auto span = [](const at::Tensor& tensor) {
      return std::span{tensor.const_data_ptr<float>(), static_cast<std::size_t>(tensor.numel())};
    };
    if (!twin.classifies) return t.step(span(x), span(y));
    return t.step(
        span(x), {labels.const_data_ptr<std::int64_t>(), static_cast<std::size_t>(labels.numel())});
  }
};

constexpr std::uint64_t long_run = 300;
constexpr double stable_rate = 0.1;

using named_list = std::vector<std::pair<std::string, at::Tensor>>;

named_list parameters_of(const torch::nn::Module& module) {
  named_list all;
  for (const auto& p : module.named_parameters())
    all.emplace_back(p.key(), p.value().detach().to(at::kDouble).clone());
  return all;
}

/// The greatest difference between two lists, in units of the greatest value of each tensor.
double distance(const named_list& a, const named_list& reference) {
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto scale = reference[i].second.abs().max().item<double>();
    const auto difference = (a[i].second - reference[i].second).abs().max().item<double>();
    most = std::max(most, scale > 0 ? difference / scale : difference);
  }
  return most;
}

/// Gives a network the weights of a module.
void copy_weights(fused::network& net, torch::nn::Module& module) {
  net.restore(training_state{module}.save());
}

/// The weights of a network, in a module of the same chain.
named_list weights_in(const fused::trainer& t, const twin_networks& twin) {
  const auto before = training_state{twin.net()}.save();
  training_state{twin.net()}.restore(t.save());
  auto all = parameters_of(twin.net());
  training_state{twin.net()}.restore(before);
  return all;
}

/// The gradients of one step, which are the momentum after the first.
named_list gradients_of(const fused::trainer& t, const twin_networks& twin) {
  troupe::sgd reader{twin.net(), {.lr = 0, .momentum = 0.9}};
  training_state{twin.net(), reader}.restore(t.save());
  named_list all;
  for (const auto& [name, tensor] : reader.momentum())
    all.emplace_back(name, tensor.to(at::kDouble));
  return all;
}

named_list gradients_by_torch(const twin_networks& twin, const batch& b, at::ScalarType type) {
  auto& module = twin.net();
  module.to(type);
  module.zero_grad();
  b.loss(twin, type).backward();
  named_list all;
  for (const auto& p : module.named_parameters())
    all.emplace_back(p.key(), p.value().grad().to(at::kDouble).clone());
  module.zero_grad();
  module.to(at::kFloat);
  return all;
}

/// Trains a fresh copy of the module with libtorch's SGD, on some of its threads.
named_list trained_by_torch(const twin_networks& twin, const checkpoint& start, int threads) {
  const int before = at::get_num_threads();
  at::set_num_threads(threads);
  training_state{twin.net()}.restore(start);
  torch::optim::SGD optimizer{twin.net().parameters(), torch::optim::SGDOptions{stable_rate}};
  for (std::uint64_t step = 0; step < long_run; ++step) {
    optimizer.zero_grad();
    batch{twin, step}.loss(twin, at::kFloat).backward();
    optimizer.step();
  }
  at::set_num_threads(before);
  return parameters_of(twin.net());
}

named_list trained_by_troupe(const twin_networks& twin, const checkpoint& start, int threads) {
  auto net = twin.network(threads);
  net.restore(start);
  fused::trainer t{net, fused::sgd{.lr = stable_rate}};
  for (std::uint64_t step = 0; step < long_run; ++step)
    batch{twin, step}.step(twin, t);
  return weights_in(t, twin);
}

} // namespace

DOCTEST_TEST_CASE("300 steps lead as far from libtorch as its own second thread does") {
  std::vector<double> by_torch, by_one_thread, by_two_threads;
  for (std::uint64_t seed = 0; by_torch.size() < 25; ++seed) {
    auto twin = twin_maker{seed}.make();
    // Without convolutions libtorch's threads often round alike.
    if (twin.text.find("conv") == std::string::npos) continue;
    twin.batch = 48;
    reset_parameters(twin.net(), generator(seed));
    const auto start = training_state{twin.net()}.save();
    const auto reference = trained_by_torch(twin, start, 1);
    by_torch.push_back(distance(trained_by_torch(twin, start, 2), reference));
    by_one_thread.push_back(distance(trained_by_troupe(twin, start, 1), reference));
    by_two_threads.push_back(distance(trained_by_troupe(twin, start, 2), reference));
  }
  // Of some, rounding turns a relu on or off, and then they part, with libtorch too.
  const auto median = [](std::vector<double>& values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
  };
  const double allowed = 2 * median(by_torch);
  DOCTEST_CHECK(median(by_one_thread) <= allowed);
  DOCTEST_CHECK(median(by_two_threads) <= allowed);
}

DOCTEST_TEST_CASE("gradients are those of double precision, as near as libtorch's floats are") {
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    const auto twin = twin_maker{seed}.make();
    DOCTEST_CAPTURE(seed);
    DOCTEST_CAPTURE(twin.text);
    reset_parameters(twin.net(), generator(seed));
    const batch b{twin, seed};
    const auto exact = gradients_by_torch(twin, b, at::kDouble);
    const auto eager = gradients_by_torch(twin, b, at::kFloat);
    auto net = twin.network();
    copy_weights(net, twin.net());
    fused::trainer t{net, fused::sgd{.lr = 0, .momentum = 0.9}};
    const auto loss = b.step(twin, t);
    DOCTEST_CHECK(loss == doctest::Approx(b.loss(twin, at::kFloat).item<double>()).epsilon(1e-5));
    DOCTEST_CHECK(distance(gradients_of(t, twin), exact) <=
                  std::max(1e-5, 3 * distance(eager, exact)));
  }
}

DOCTEST_TEST_CASE("networks are trained as libtorch's optimizers train them") {
  using namespace torch::optim;
  using make_torch = std::function<std::unique_ptr<Optimizer>(const twin_networks&)>;
  const std::vector<std::pair<fused::optimizer, make_torch>> pairs{
      {fused::sgd{.lr = 0.05, .momentum = 0.9, .weight_decay = 1e-2},
       [](const auto& twin) {
         return std::make_unique<SGD>(twin.net().parameters(),
                                      SGDOptions{0.05}.momentum(0.9).weight_decay(1e-2));
       }},
      {fused::sgd{.lr = 0.05},
       [](const auto& twin) {
         return std::make_unique<SGD>(twin.net().parameters(), SGDOptions{0.05});
       }},
      {fused::adam{.lr = 1e-2, .beta1 = 0.8, .beta2 = 0.95, .eps = 1e-3, .weight_decay = 1e-2},
       [](const auto& twin) {
         return std::make_unique<Adam>(
             twin.net().parameters(),
             AdamOptions{1e-2}.betas({0.8, 0.95}).eps(1e-3).weight_decay(1e-2));
       }},
      {fused::adamw{.lr = 1e-2, .eps = 1e-3, .weight_decay = 0.1}, [](const auto& twin) {
         return std::make_unique<AdamW>(twin.net().parameters(),
                                        AdamWOptions{1e-2}.eps(1e-3).weight_decay(0.1));
       }}};
  for (std::uint64_t seed = 0; seed < 60; ++seed)
    for (std::size_t kind = 0; kind < pairs.size(); ++kind) {
      const auto twin = twin_maker{seed}.make();
      DOCTEST_CAPTURE(seed);
      DOCTEST_CAPTURE(kind);
      DOCTEST_CAPTURE(twin.text);
      reset_parameters(twin.net(), generator(seed));
      auto net = twin.network();
      copy_weights(net, twin.net());
      fused::trainer t{net, pairs[kind].first};
      const auto optimizer = pairs[kind].second(twin);
      for (std::uint64_t step = 0; step < 5; ++step) {
        const batch b{twin, 1000 * seed + step};
        b.step(twin, t);
        optimizer->zero_grad();
        b.loss(twin, at::kFloat).backward();
        optimizer->step();
      }
      const auto eager = parameters_of(twin.net());
      // Adam divides by what may be small, where rounding counts for more.
      DOCTEST_CHECK(distance(weights_in(t, twin), eager) <= 1e-4);
    }
}

DOCTEST_TEST_CASE("the tutorial's network: 300 steps, to 1e-5") {
  lenet module{120, 84};
  reset_parameters(module, generator(1));
  using namespace fused;
  network net{image{3, 32, 32},
              {{"conv1", conv2d{6, 5}},
               relu{},
               max_pool2d{2},
               {"conv2", conv2d{16, 5}},
               relu{},
               max_pool2d{2},
               flatten{},
               {"fc1", linear{120}},
               relu{},
               {"fc2", linear{84}},
               relu{},
               {"fc3", linear{10}}},
              0};
  net.restore(training_state{module}.save());
  trainer t{net, fused::sgd{.lr = 0.001, .momentum = 0.9, .weight_decay = 5e-5}};
  troupe::sgd optimizer{module, {.lr = 0.001, .momentum = 0.9, .weight_decay = 5e-5}};
  constexpr std::int64_t examples = 256, size = 4;
  const auto g = generator(2);
  const auto labels = at::randint(0, 10, {examples}, g, at::kLong);
  const auto pixels = at::randn({examples, 3, 32, 32}, g, at::kFloat) +
                      labels.to(at::kFloat).reshape({-1, 1, 1, 1}) / 10;
  double furthest = 0;
  for (std::int64_t step = 0; step < 300; ++step) {
    const auto first = step * size % examples;
    const auto x = pixels.narrow(0, first, size), y = labels.narrow(0, first, size);
    const auto loss = at::cross_entropy_loss(module.forward(x), y);
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    const auto fused_loss =
        t.step({x.const_data_ptr<float>(), static_cast<std::size_t>(x.numel())},
               {y.const_data_ptr<std::int64_t>(), static_cast<std::size_t>(size)});
    furthest = std::max(furthest, std::abs(fused_loss - loss.item<double>()));
  }
  DOCTEST_CHECK(furthest < 1e-5);
  // Its files are those of the module, optimizer and all.
  lenet other{120, 84};
  troupe::sgd of_other{other, {.lr = 0.001, .momentum = 0.9, .weight_decay = 5e-5}};
  restore(other, of_other, t.save());
  DOCTEST_CHECK(distance(parameters_of(other), parameters_of(module)) < 1e-5);
  trainer back{net, fused::sgd{.lr = 0.001, .momentum = 0.9}};
  back.restore(to_checkpoint(other, of_other));
  for (const auto* file : {"model.safetensors", "optimizer.safetensors"})
    DOCTEST_CHECK((back.save().at(file).bytes == t.save().at(file).bytes));
}

DOCTEST_TEST_CASE("an Adam of libtorch's goes on here, and back") {
  const auto twin = twin_maker{7}.make();
  reset_parameters(twin.net(), generator(7));
  torch::optim::Adam optimizer{twin.net().parameters(), torch::optim::AdamOptions{1e-3}.eps(1e-3)};
  training_state state{twin.net(), optimizer};
  const auto step = [&](std::uint64_t seed) {
    optimizer.zero_grad();
    batch{twin, seed}.loss(twin, at::kFloat).backward();
    optimizer.step();
  };
  step(0);
  step(1);
  auto net = twin.network();
  fused::trainer t{net, fused::adam{.lr = 1e-3, .eps = 1e-3}};
  t.restore(state.save());
  step(2);
  batch{twin, 2}.step(twin, t);
  const auto eager = parameters_of(twin.net());
  const auto saved = t.save();
  DOCTEST_CHECK(distance(weights_in(t, twin), eager) < 2e-6);
  state.restore(saved);
  step(3);
  batch{twin, 3}.step(twin, t);
  DOCTEST_CHECK(distance(weights_in(t, twin), parameters_of(twin.net())) < 2e-6);
}
