#include "model/state_part.hpp"

#include <troupe/torch.hpp>

#include <torch/nn/module.h>
#include <torch/optim/schedulers/lr_scheduler.h>

#include <algorithm>
#include <stdexcept>

namespace troupe {

namespace {

constexpr std::string_view default_model = "model";

/// Names an inherited member that is protected.
struct step_counter : torch::optim::LRScheduler {
  static unsigned& of(torch::optim::LRScheduler& scheduler) {
    return scheduler.*&step_counter::step_count_;
  }
};

std::vector<state_field> as_fields(const named_tensors& tensors) {
  std::vector<state_field> fields;
  for (const auto& [name, tensor] : tensors)
    fields.push_back(tensor_field(name, tensor));
  return fields;
}

parameter_names
names_in(const std::vector<std::pair<std::string, const torch::nn::Module*>>& modules) {
  parameter_names names;
  for (const auto& [name, module] : modules)
    for (const auto& parameter : module->named_parameters())
      names.emplace(parameter->unsafeGetTensorImpl(),
                    name == default_model ? parameter.key() : name + '.' + parameter.key());
  return names;
}

} // namespace

void training_state::add_part(std::shared_ptr<state_part> part, std::string name) {
  if (std::ranges::find(
          parts_, name, [](const auto& p) -> auto& { return p.first; }) != parts_.end())
    throw std::invalid_argument{"training_state has two parts called \"" + name + '"'};
  parts_.emplace_back(std::move(name), std::move(part));
}

training_state& training_state::add(torch::nn::Module& module, std::string name) {
  add_part(make_part([&module] { return as_fields(state_dict(module)); }), name);
  modules_.emplace_back(std::move(name), &module);
  return *this;
}

training_state& training_state::add(torch::optim::Optimizer& optimizer, std::string name) {
  add_part(make_part(optimizer), std::move(name));
  return *this;
}

training_state& training_state::add(sgd& optimizer, std::string name) {
  add_part(make_part([&optimizer] { return as_fields(state_dict(optimizer)); }), std::move(name));
  return *this;
}

training_state& training_state::add(torch::optim::LRScheduler& scheduler, std::string name) {
  auto& steps = step_counter::of(scheduler);
  add_part(make_part([&steps] { return std::vector{number_field("step_count", steps)}; }),
           std::move(name));
  return *this;
}

training_state& training_state::add(torch::optim::ReduceLROnPlateauScheduler& scheduler,
                                    std::string name) {
  add_part(make_part([&scheduler] { return fields(scheduler); }), std::move(name));
  return *this;
}

training_state& training_state::add(grad_scaler& scaler, std::string name) {
  const auto list = [&scaler] {
    return std::vector{tensor_field("scale", scaler.scale_),
                       tensor_field("_growth_tracker", scaler.growth_tracker_),
                       number_field("growth_factor", scaler.options_.growth_factor),
                       number_field("backoff_factor", scaler.options_.backoff_factor),
                       number_field("growth_interval", scaler.options_.growth_interval)};
  };
  add_part(make_part(list), std::move(name));
  return *this;
}

training_state& training_state::add(const at::Generator& generator, std::string name) {
  const auto list = [generator] {
    return std::vector{state_field{"state", generator.get_state(),
                                   [own = at::Generator{generator}](
                                       const at::Tensor& state) mutable { own.set_state(state); }}};
  };
  add_part(make_part(list), std::move(name));
  return *this;
}

training_state& training_state::add(const at::Tensor& tensor, std::string name) {
  add_part(make_part([name, tensor] { return std::vector{tensor_field(name, tensor)}; }), name);
  return *this;
}

checkpoint training_state::save() const {
  const auto names = names_in(modules_);
  std::vector<blob> blobs;
  for (const auto& [name, part] : parts_)
    blobs.push_back(write_tensors(name, part->save(names)));
  return checkpoint{std::move(blobs)};
}

void training_state::restore(const checkpoint& c) {
  const torch::NoGradGuard no_grad;
  const auto names = names_in(modules_);
  std::vector<std::function<void()>> changes;
  for (const auto& [name, part] : parts_) {
    saved_tensors from{c, name};
    changes.push_back(part->restore(from, names));
    from.finish();
  }
  for (const auto& change : changes)
    change();
}

} // namespace troupe
