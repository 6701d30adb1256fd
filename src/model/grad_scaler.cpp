#include <troupe/torch.hpp>

#include <ATen/ops/_amp_foreach_non_finite_check_and_unscale.h>
#include <ATen/ops/_amp_update_scale.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>
#include <torch/nn/module.h>
#include <torch/optim/optimizer.h>

#include <map>
#include <stdexcept>

namespace troupe {

namespace {

void check(const grad_scaler_options& o) {
  if (!(o.init_scale > 0 && o.growth_factor > 1 && 0 < o.backoff_factor && o.backoff_factor < 1 &&
        o.growth_interval >= 1))
    throw std::invalid_argument{"grad_scaler needs init_scale > 0, growth_factor > 1, "
                                "0 < backoff_factor < 1 and growth_interval >= 1"};
}

std::vector<at::Tensor> parameters_of(const torch::optim::Optimizer& optimizer) {
  std::vector<at::Tensor> all;
  for (const auto& group : optimizer.param_groups())
    all.insert(all.end(), group.params().begin(), group.params().end());
  return all;
}

const std::vector<at::Tensor>& parameters_of(const sgd& optimizer) {
  return optimizer.parameters();
}

/// Returns the gradients, by device and type: one operation takes only those that have both in
/// common.
auto gradients_of(const std::vector<at::Tensor>& parameters) {
  std::map<std::pair<std::string, at::ScalarType>, std::vector<at::Tensor>> gradients;
  for (const auto& parameter : parameters) {
    const auto& gradient = parameter.grad();
    if (!gradient.defined()) continue;
    if (gradient.scalar_type() == at::kHalf)
      throw std::invalid_argument{"grad_scaler: gradients in half precision cannot be unscaled; "
                                  "keep the parameters in float, and compute under autocast"};
    gradients[{gradient.device().str(), gradient.scalar_type()}].push_back(gradient);
  }
  return gradients;
}

} // namespace

grad_scaler::grad_scaler(c10::Device device, grad_scaler_options options) : options_{options} {
  check(options_);
  scale_ = at::full({}, options_.init_scale, at::TensorOptions{at::kFloat}.device(device));
  growth_tracker_ = at::zeros({}, at::TensorOptions{at::kInt}.device(device));
}

at::Tensor grad_scaler::scale(const at::Tensor& loss) const {
  return options_.enabled ? loss * scale_.to(loss.device()) : loss;
}

void grad_scaler::unscale(const void* optimizer, const std::vector<at::Tensor>& parameters) {
  if (!options_.enabled) return;
  const auto [entry, added] = since_update_.try_emplace(optimizer);
  if (!added)
    throw std::logic_error{"grad_scaler: an optimizer's gradients are unscaled twice, or after its "
                           "step, without update() between"};
  auto& found = entry->second.found_inf = at::zeros({}, scale_.options());
  const auto inverse = scale_.to(at::kDouble).reciprocal().to(at::kFloat);
  for (auto& [kind, gradients] : gradients_of(parameters)) {
    const c10::Device device{kind.first};
    auto here = at::zeros({}, scale_.options().device(device));
    at::_amp_foreach_non_finite_check_and_unscale_(gradients, here, inverse.to(device));
    found.add_(here.to(found.device()));
  }
}

void grad_scaler::unscale(torch::optim::Optimizer& optimizer) {
  unscale(&optimizer, parameters_of(optimizer));
}

void grad_scaler::unscale(sgd& optimizer) {
  unscale(&optimizer, parameters_of(optimizer));
}

template <class Optimizer>
bool grad_scaler::step_with(Optimizer& optimizer) {
  if (options_.enabled) {
    if (!since_update_.contains(&optimizer)) unscale(optimizer);
    progress& own = since_update_.at(&optimizer);
    if (own.stepped)
      throw std::logic_error{"grad_scaler: an optimizer steps twice without update() between"};
    own.stepped = true;
    if (own.found_inf.item<float>() != 0) return false;
  }
  optimizer.step();
  return true;
}

bool grad_scaler::step(torch::optim::Optimizer& optimizer) {
  return step_with(optimizer);
}

bool grad_scaler::step(sgd& optimizer) {
  return step_with(optimizer);
}

void grad_scaler::update() {
  if (!options_.enabled) return;
  if (since_update_.empty())
    throw std::logic_error{"grad_scaler: update() comes after an optimizer's step"};
  auto found = at::zeros({}, scale_.options());
  for (const auto& [optimizer, own] : since_update_)
    found.add_(own.found_inf);
  at::_amp_update_scale_(scale_, growth_tracker_, found, options_.growth_factor,
                         options_.backoff_factor, options_.growth_interval);
  since_update_.clear();
}

double grad_scaler::get_scale() const {
  return options_.enabled ? scale_.item<double>() : 1;
}

} // namespace troupe
