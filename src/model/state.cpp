#include "model/state_part.hpp"

#include <troupe/torch.hpp>

#include <torch/nn/module.h>

namespace troupe {

named_tensors state_dict(const sgd& optimizer) {
  auto state = optimizer.momentum();
  for (auto& [name, tensor] : state)
    name.insert(0, "momentum.");
  return state;
}

checkpoint to_checkpoint(const torch::nn::Module& module, const sgd& optimizer) {
  std::vector<blob> blobs;
  blobs.push_back(write_tensors("model", state_dict(module)));
  blobs.push_back(write_tensors("optimizer", state_dict(optimizer)));
  return checkpoint{std::move(blobs)};
}

void restore(torch::nn::Module& module, const checkpoint& c) {
  training_state{module}.restore(c);
}

void restore(torch::nn::Module& module, sgd& optimizer, const checkpoint& c) {
  training_state{module, optimizer}.restore(c);
}

} // namespace troupe
