#pragma once

#include "fused/layer.hpp"

#include <troupe/fused.hpp>

#include <memory>
#include <string>
#include <vector>

namespace troupe::fused {

/// The layers of a network and the signals between them, of which layer i reads signal i and writes
/// signal i + 1.
struct chain {
  std::vector<std::unique_ptr<signal>> signals;
  std::vector<std::unique_ptr<layer>> layers;
  std::vector<std::string> names; ///< Of the layers' blocks.
  /// The first layer that takes the whole batch at once; those before take it image by image.
  std::size_t first_of_batch = 0;
};

/// Builds the layers of `blocks`. An activation in front of max-pooling comes after it, where there
/// is less to do: both grow with their input, so the values are the same, and so are the gradients.
/// Throws what the constructor of network throws.
chain build_chain(const input& in, std::vector<block> blocks);

} // namespace troupe::fused
