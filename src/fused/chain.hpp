#pragma once

#include "fused/layer.hpp"

#include <troupe/fused.hpp>

#include <memory>
#include <string>
#include <vector>

namespace troupe::fused {

/// The layers of a network and the signals between them, of which layer i reads signal i and writes
/// signal i + 1. What goes through it is in it until the next: one thread at a time.
struct chain {
  std::vector<std::unique_ptr<signal>> signals;
  std::vector<std::unique_ptr<layer>> layers;
  std::vector<std::string> names; ///< Of the layers' blocks.
  /// The first layer that takes the whole batch at once; those before take it image by image.
  std::size_t first_of_batch = 0;
  std::size_t capacity = 0; ///< Examples that there is room for.

  /// Tells all layers where their parameters are, one after the other; returns these, by their
  /// whole names: "conv1.weight".
  std::vector<parameter_tensor> place_parameters();

  /// Makes room for so many examples at once.
  void reserve(std::size_t batch);

  /// Runs `batch` examples through all layers.
  void forward(const step_context& step, const float* examples, std::size_t batch);

  /// The other way, from the gradients of the last signal.
  void backward(const step_context& step, std::size_t batch, updater& u);
};

/// Builds the layers of `blocks`. An activation in front of max-pooling comes after it, where there
/// is less to do: both grow with their input, so the values are the same, and so are the gradients.
/// Throws what the constructor of network throws.
chain build_chain(const input& in, std::vector<block> blocks);

} // namespace troupe::fused
