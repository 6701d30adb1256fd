#pragma once

#include "fused/chain.hpp"
#include "fused/team.hpp"

#include <troupe/fused.hpp>

#include <span>
#include <string>
#include <vector>

namespace troupe::fused {

/// What a network is made of.
struct network::state {
  state(const input& in, const std::vector<block>& blocks, int threads);

  std::size_t inputs() const { return replicas[0].signals.front()->shape().elements(); }
  std::size_t outputs() const { return replicas[0].signals.back()->shape().elements(); }

  /// Returns how many examples these are; throws std::invalid_argument unless it is a whole number.
  std::size_t count(std::span<const float> examples) const;

  /// Returns how many replicas should share so many examples.
  std::size_t shares(std::size_t examples) const;

  /// Puts what one replica makes of its share into `predictions`.
  void predict(std::span<const float> examples, share part, std::size_t replica);

  /// Returns the weights in a checkpoint; throws what network::restore throws.
  buffer<float> read_weights(const checkpoint& c) const;

  std::vector<chain> replicas; ///< One for each thread; they have the weights in common.
  bool drops_out;              ///< Whether a step depends on how many there were before.
  std::vector<parameter_tensor> parameters;
  buffer<float> weights;
  std::vector<float> predictions, last_predictions;
  team workers;
};

} // namespace troupe::fused
