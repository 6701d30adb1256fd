#pragma once

#include "fused/signal.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace troupe::fused {

/// A tensor of parameters as libtorch's module of the same kind has it, and where its elements are
/// among the network's parameters.
struct parameter_tensor {
  std::string name;                  ///< "weight" or "bias".
  std::vector<std::int64_t> shape;   ///< libtorch's.
  std::size_t fan_in;                ///< How many inputs each output sums over.
  std::vector<std::uint32_t> places; ///< Of each element, row-major.
};

/// Images of the batch that are worked on together.
struct images {
  std::size_t first, count;
};

/// What the layers of a network know of the step that is under way.
struct step_context {
  bool training = false; ///< Drop out, and keep what the backward pass needs.
  std::size_t first = 0; ///< The place in the batch of the first of these images.
  std::uint64_t seed = 0, step = 0;
  float* weights = nullptr;   ///< All parameters of the network.
  float* gradients = nullptr; ///< Of all parameters: added up.
};

/// Parameters whose gradients, weights and what an optimizer keeps of them stay in the first cache.
inline constexpr std::size_t updated_at_a_time = 1536;

/// Takes gradients in and changes the weights.
class updater {
public:
  updater() = default;
  updater(const updater&) = delete;
  updater& operator=(const updater&) = delete;
  virtual ~updater() = default;

  /// Changes the parameters [first, first + count), which have these gradients.
  virtual void update(std::size_t first, std::size_t count, const float* gradient) = 0;
};

/// A part of a network, from one signal to the next.
class layer {
public:
  layer(signal& in, signal& out) : in_{in}, out_{out} {}
  layer(const layer&) = delete;
  layer& operator=(const layer&) = delete;
  virtual ~layer() = default;

  /// What of its signals it needs in the backward pass.
  virtual bool needs_input() const { return false; }
  virtual bool needs_output() const { return false; }

  /// Its parameters, which begin at `first` among those of the network.
  virtual std::size_t parameter_count() const { return 0; }
  virtual std::vector<parameter_tensor> place_parameters(std::size_t /*first*/) { return {}; }

  /// Makes room for a batch.
  virtual void reserve(std::size_t /*batch*/) {}

  virtual void forward(const step_context& step, images i) = 0;

  /// From the gradients of the output to those of the input, unless nobody wants them.
  virtual void backward(const step_context& step, images i, bool wants_input_gradient,
                        updater& u) = 0;

  /// Called when all images have been backwards.
  virtual void finish(const step_context& /*step*/, updater& /*u*/) {}

protected:
  signal& in_;
  signal& out_;
};

} // namespace troupe::fused
