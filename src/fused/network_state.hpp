#pragma once

#include "fused/chain.hpp"

#include <troupe/fused.hpp>

#include <span>
#include <string>
#include <vector>

namespace troupe::fused {

/// What a network is made of.
struct network::state {
  state(const input& in, const std::vector<block>& blocks);

  std::size_t inputs() const { return parts.signals.front()->shape().elements(); }
  std::size_t outputs() const { return parts.signals.back()->shape().elements(); }

  /// Returns how many examples these are; throws std::invalid_argument unless it is a whole number.
  std::size_t count(std::span<const float> examples) const;

  /// Makes room for so many examples at once.
  void reserve(std::size_t batch);

  /// Runs `batch` examples through all layers.
  void forward(const step_context& step, const float* examples, std::size_t batch);

  /// The other way, from the gradients of the last signal.
  void backward(const step_context& step, std::size_t batch, updater& u);

  /// Returns the weights in a checkpoint; throws what network::restore throws.
  buffer<float> read_weights(const checkpoint& c) const;

  chain parts;
  bool drops_out; ///< Whether a step depends on how many there were before.
  buffer<float> weights;
  std::vector<parameter_tensor> parameters; ///< By their whole names: "conv1.weight".
  std::size_t capacity = 0;                 ///< Examples that there is room for.
  std::vector<float> predictions, last_predictions;
};

} // namespace troupe::fused
