#pragma once

#include "fused/layer.hpp"

namespace troupe::fused {

/// A linear layer over the whole batch. In the backward pass the weights are updated a few rows at
/// a time, right after their gradients are known: they come from memory once.
class linear_layer : public layer {
public:
  linear_layer(signal& in, signal& out);

  bool needs_input() const override { return true; }
  std::size_t parameter_count() const override;
  std::vector<parameter_tensor> place_parameters(std::size_t first) override;
  void forward(const step_context& step, images i) override;
  void backward(const step_context& step, images i, bool wants_input_gradient, updater& u) override;

private:
  linear_shape shape_{};
  std::size_t first_ = 0; ///< Where the parameters begin.
  std::size_t rows_;      ///< That are updated together.
  buffer<float> gradient_;
};

} // namespace troupe::fused
