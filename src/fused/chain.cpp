#include "fused/chain.hpp"

#include <algorithm>

namespace troupe::fused {

namespace {

/// Copies one example to where the first layer reads it.
void copy_example(const float* example, const layout& to, float* values) {
  const auto pixels = to.height * to.width;
  for (std::size_t c = 0; c < to.channels; ++c)
    std::copy_n(example + c * pixels, pixels, values + c * to.plane);
}

} // namespace

std::vector<parameter_tensor> chain::place_parameters() {
  std::vector<parameter_tensor> all;
  std::size_t first = 0;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    for (auto& tensor : layers[i]->place_parameters(first)) {
      tensor.name.insert(0, names[i] + '.');
      all.push_back(std::move(tensor));
    }
    first += layers[i]->parameter_count();
  }
  return all;
}

void chain::reserve(std::size_t batch) {
  if (batch <= capacity) return;
  for (std::size_t i = 0; i < signals.size(); ++i) {
    const bool is_of_batch = i >= first_of_batch;
    const bool is_needed =
        (i < layers.size() && layers[i]->needs_input()) || (i > 0 && layers[i - 1]->needs_output());
    signals[i]->reserve(batch, is_of_batch || is_needed, is_of_batch);
  }
  for (const auto& layer : layers)
    layer->reserve(batch);
  capacity = batch;
}

void chain::forward(const step_context& step, const float* examples, std::size_t batch) {
  const auto& shape = signals[0]->shape();
  for (std::size_t i = 0; i < first_of_batch; ++i)
    signals[i]->share(!step.training);
  for (std::size_t e = 0; e < batch; ++e) {
    copy_example(examples + e * shape.elements(), shape, signals[0]->values(e));
    for (std::size_t i = 0; i < first_of_batch; ++i)
      layers[i]->forward(step, {e, 1});
  }
  for (std::size_t i = first_of_batch; i < layers.size(); ++i)
    layers[i]->forward(step, {0, batch});
}

void chain::backward(const step_context& step, std::size_t batch, updater& u) {
  for (auto i = layers.size(); i > first_of_batch; --i)
    layers[i - 1]->backward(step, {0, batch}, i > 1, u);
  for (std::size_t e = 0; e < batch; ++e)
    for (auto i = first_of_batch; i > 0; --i)
      layers[i - 1]->backward(step, {e, 1}, i > 1, u);
  for (const auto& layer : layers)
    layer->finish(step, u);
}

} // namespace troupe::fused
