#include <troupe/torch.hpp>

#include <ATen/ops/_fused_sgd.h>
#include <ATen/ops/zeros_like.h>
#include <torch/nn/module.h>

namespace troupe {

sgd::sgd(const torch::nn::Module& module, sgd_options options) : options_{options} {
  for (const auto& parameter : module.named_parameters()) {
    parameters_.push_back(parameter.value());
    momentum_.emplace_back(parameter.key(), at::zeros_like(parameter.value()));
  }
}

void sgd::zero_grad() {
  for (const auto& parameter : parameters_)
    parameter.mutable_grad().reset();
}

void sgd::step() {
  const torch::NoGradGuard no_grad;
  std::vector<at::Tensor> parameters, gradients, buffers;
  for (auto* list : {&parameters, &gradients, &buffers})
    list->reserve(parameters_.size());
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    if (!parameters_[i].grad().defined()) continue;
    parameters.push_back(parameters_[i]);
    gradients.push_back(parameters_[i].grad());
    if (options_.momentum != 0) buffers.push_back(momentum_[i].second);
  }
  if (parameters.empty()) return;
  // A momentum that is still zero gives the same as a first step without one.
  at::_fused_sgd_(parameters, gradients, buffers, options_.weight_decay, options_.momentum,
                  options_.lr, /*dampening=*/0, /*nesterov=*/false, /*maximize=*/false,
                  /*is_first_step=*/false);
}

} // namespace troupe
