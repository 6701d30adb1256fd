#pragma once

#include "base/safetensors.hpp"

#include <troupe/torch.hpp>

#include <ATen/ops/mse_loss.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/relu.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/linear.h>
#include <torch/optim/adam.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

/// What the tests of training states train: a small network with weights, running statistics, and
/// a layer without a bias.
struct small_net : torch::nn::Module {
  explicit small_net(std::uint64_t seed) {
    troupe::reset_parameters(*this, troupe::generator(seed));
  }

  at::Tensor forward(const at::Tensor& x) { return out(at::relu(norm(in(x)))); }

  torch::nn::Linear in = register_module("in", torch::nn::Linear{3, 5});
  torch::nn::BatchNorm1d norm = register_module("norm", torch::nn::BatchNorm1d{5});
  torch::nn::Linear out =
      register_module("out", torch::nn::Linear{torch::nn::LinearOptions{5, 2}.bias(false)});
};

/// Makes a step on noise that depends on `number` alone; returns the loss.
template <class Optimizer>
double noisy_step(small_net& net, Optimizer& optimizer, std::uint64_t number) {
  auto random = troupe::generator(number);
  const auto x = at::randn({8, 3}, random), y = at::randn({8, 2}, random);
  optimizer.zero_grad();
  const auto loss = at::mse_loss(net.forward(x), y);
  loss.backward();
  optimizer.step();
  return loss.template item<double>();
}

inline std::vector<at::Tensor> contents(const torch::nn::Module& module) {
  auto all = module.parameters();
  const auto buffers = module.buffers();
  all.insert(all.end(), buffers.begin(), buffers.end());
  return all;
}

/// Returns whether parameters and buffers are the same, bit for bit.
inline bool same(const torch::nn::Module& a, const torch::nn::Module& b) {
  return std::ranges::equal(contents(a), contents(b),
                            [](const auto& x, const auto& y) { return x.equal(y); });
}

/// The weights of one layer, and everything else at another rate.
template <class Options>
std::vector<torch::optim::OptimizerParamGroup> two_groups(small_net& net, Options options) {
  auto slow = options;
  slow.lr(options.lr() / 8);
  std::vector<torch::optim::OptimizerParamGroup> groups;
  groups.emplace_back(net.in->parameters(), std::make_unique<Options>(slow));
  auto others = net.norm->parameters();
  others.push_back(net.out->weight);
  groups.emplace_back(others, std::make_unique<Options>(options));
  return groups;
}

/// A training as a trial has it, to be made anew from the same arguments.
template <class Optimizer, class Options>
struct training {
  training(std::uint64_t seed, Options options)
      : net{seed},
        optimizer{two_groups(net, options), options} {}

  double step(std::uint64_t number) { return noisy_step(net, optimizer, number); }

  small_net net;
  Optimizer optimizer;
  troupe::training_state state{net, optimizer};
};

using adam_training = training<torch::optim::Adam, torch::optim::AdamOptions>;

/// Returns the tensors of one file of a checkpoint, by name.
inline std::map<std::string, troupe::safetensors::tensor_view>
tensors_of(const troupe::checkpoint& c, std::string_view file) {
  std::map<std::string, troupe::safetensors::tensor_view> tensors;
  for (auto& tensor : troupe::safetensors::read(c.at(file).bytes))
    tensors[tensor.name] = tensor;
  return tensors;
}
