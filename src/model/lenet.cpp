#include "model/lenet.hpp"

#include <ATen/ops/max_pool2d.h>
#include <ATen/ops/relu.h>

namespace troupe {

namespace {

using torch::nn::Conv2d;
using torch::nn::Conv2dOptions;
using torch::nn::Linear;

constexpr std::int64_t features = 16 * 5 * 5, classes = 10;

at::Tensor pool(const at::Tensor& x) {
  return at::max_pool2d(x, {2, 2});
}

} // namespace

lenet::lenet(std::int64_t l1, std::int64_t l2)
    : conv1_{register_module("conv1", Conv2d{Conv2dOptions{3, 6, 5}})},
      conv2_{register_module("conv2", Conv2d{Conv2dOptions{6, 16, 5}})},
      fc1_{register_module("fc1", Linear{features, l1})},
      fc2_{register_module("fc2", Linear{l1, l2})},
      fc3_{register_module("fc3", Linear{l2, classes})} {}

at::Tensor lenet::forward(at::Tensor x) {
  x = pool(at::relu(conv1_(x)));
  x = pool(at::relu(conv2_(x)));
  x = x.reshape({-1, features});
  x = at::relu(fc1_(x));
  x = at::relu(fc2_(x));
  return fc3_(x);
}

} // namespace troupe
