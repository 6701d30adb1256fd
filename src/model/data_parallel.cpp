#include <troupe/torch.hpp>

#include <ATen/ops/cat.h>
#include <ATen/ops/tensor_split.h>
#include <torch/csrc/autograd/variable.h>
#include <torch/nn/module.h>

#include <algorithm>

namespace troupe::detail {

void follow(torch::nn::Module& replica, const torch::nn::Module& master, c10::Device device) {
  const auto own = replica.named_parameters();
  for (const auto& parameter : master.named_parameters()) {
    const auto copy = parameter->to(device, parameter->scalar_type(), /*non_blocking=*/true,
                                    /*copy=*/true);
    // The layers hold their tensor itself, so it gets the values of the copy and its place in the
    // graph, rather than being replaced by it.
    const auto& mine = own[parameter.key()];
    mine.set_data(copy.detach());
    torch::autograd::impl::set_gradient_edge(mine, torch::autograd::impl::gradient_edge(copy));
  }
  const auto own_buffers = replica.named_buffers();
  for (const auto& buffer : master.named_buffers())
    own_buffers[buffer.key()].set_data(buffer->to(device));
}

std::vector<at::Tensor> split(const at::Tensor& batch, std::size_t parts) {
  return batch.tensor_split(std::min(batch.size(0), static_cast<std::int64_t>(parts)));
}

at::Tensor gather(const std::vector<at::Tensor>& parts, c10::Device device) {
  std::vector<at::Tensor> here;
  here.reserve(parts.size());
  for (const auto& part : parts)
    here.push_back(part.to(device));
  return at::cat(here);
}

} // namespace troupe::detail
