#pragma once

#include <ATen/core/Tensor.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>

#include <cstdint>

namespace troupe {

/// A LeNet for 32x32 colour images of ten classes: two convolutions with pooling, then linear
/// layers of widths `l1`, `l2` and 10. With 120 and 84 it has 62,006 parameters.
class lenet : public torch::nn::Module {
public:
  lenet(std::int64_t l1, std::int64_t l2);

  /// float [B, 3, 32, 32] -> logits, float [B, 10].
  at::Tensor forward(at::Tensor images);

private:
  torch::nn::Conv2d conv1_, conv2_;
  torch::nn::Linear fc1_, fc2_, fc3_;
};

} // namespace troupe
