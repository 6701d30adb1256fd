#pragma once

#include "fused/layer.hpp"

namespace troupe::fused {

class relu_layer : public layer {
public:
  using layer::layer;

  bool needs_output() const override { return true; }
  void forward(const step_context& step, images i) override;
  void backward(const step_context& step, images i, bool wants_input_gradient, updater& u) override;
};

class tanh_layer : public layer {
public:
  using layer::layer;

  bool needs_output() const override { return true; }
  void forward(const step_context& step, images i) override;
  void backward(const step_context& step, images i, bool wants_input_gradient, updater& u) override;
};

/// Drops by random numbers that depend on the seed, the step, the image's place in the batch and
/// the layer's number alone.
class dropout_layer : public layer {
public:
  dropout_layer(double p, std::size_t number, signal& in, signal& out);

  void reserve(std::size_t batch) override;
  void forward(const step_context& step, images i) override;
  void backward(const step_context& step, images i, bool wants_input_gradient, updater& u) override;

private:
  double p_;
  std::string purpose_;
  buffer<float> factors_; ///< [batch]: 0, or 1 / (1 - p).
};

/// Image to features: takes the gaps between rows and planes out.
class flatten_layer : public layer {
public:
  using layer::layer;

  void forward(const step_context& step, images i) override;
  void backward(const step_context& step, images i, bool wants_input_gradient, updater& u) override;
};

} // namespace troupe::fused
