#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <torch/nn/cloneable.h>
#include <torch/nn/pimpl.h>

#include <ostream>

namespace troupe {

/// See dropout.
class dropout_impl : public torch::nn::Cloneable<dropout_impl> {
public:
  /// Throws std::invalid_argument unless 0 <= p < 1.
  dropout_impl(double p, at::Generator generator);

  at::Tensor forward(const at::Tensor& input);

  void reset() override {}
  void pretty_print(std::ostream& stream) const override;

private:
  double p_;
  at::Generator generator_;
};

/// torch::nn::Dropout with the trial's own random numbers. libtorch's draws from a generator that
/// all threads share, so what a trial drops depends on when the others draw.
///
///     auto random = troupe::generator(t.seed("dropout"), scope.device());
///     torch::nn::Sequential net{torch::nn::Linear{2, 32}, torch::nn::ReLU{},
///                               troupe::dropout{0.5, random}, torch::nn::Linear{32, 2}};
///     troupe::training_state state{*net, optimizer, random};
///
/// In training it drops each element with probability p, and multiplies the others by 1/(1 - p);
/// after eval() it changes nothing. The generator must be of the device of the inputs. Layers may
/// share one; clones do.
class dropout : public torch::nn::ModuleHolder<dropout_impl> {
public:
  using torch::nn::ModuleHolder<dropout_impl>::ModuleHolder;
};

} // namespace troupe
