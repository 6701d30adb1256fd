#include <troupe/torch.hpp>

#include <ATen/CPUGeneratorImpl.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>

#include <cmath>

namespace troupe {

namespace {

void draw(const at::Tensor& weight, const at::Tensor& bias, const at::Generator& g) {
  // What one output sums over: weight[0] of a Linear, one kernel of a convolution.
  const double bound = 1 / std::sqrt(static_cast<double>(weight[0].numel()));
  weight.uniform_(-bound, bound, g);
  if (bias.defined()) bias.uniform_(-bound, bound, g);
}

} // namespace

at::Generator generator(std::uint64_t seed) {
  return at::detail::createCPUGenerator(seed);
}

void reset_parameters(torch::nn::Module& module, at::Generator g) {
  const torch::NoGradGuard no_grad;
  module.apply([&g](torch::nn::Module& part) {
    if (const auto* linear = part.as<torch::nn::Linear>())
      draw(linear->weight, linear->bias, g);
    else if (const auto* conv = part.as<torch::nn::Conv2d>())
      draw(conv->weight, conv->bias, g);
  });
}

} // namespace troupe
