#pragma once

#include "fused/layer.hpp"
#include "fused/tensor_blob.hpp"

#include <troupe/fused.hpp>

#include <functional>
#include <memory>
#include <span>

namespace troupe::fused {

/// An optimizer with what it keeps of each parameter.
class optimizer_state : public updater {
public:
  /// Called before the updates of a step.
  virtual void begin_step() {}

  virtual void set_lr(double lr) = 0;

  /// Adds all that it keeps to a file; takes it from one. What `read` has read counts when the
  /// function that it returns is called, which does not throw.
  virtual void write(blob_writer& to, std::span<const parameter_tensor> parameters) const = 0;
  virtual std::function<void()> read(blob_reader& from,
                                     std::span<const parameter_tensor> parameters) = 0;
};

/// Returns the optimizer of `weights`. Throws what the constructor of trainer throws.
std::unique_ptr<optimizer_state> make_optimizer(const optimizer& o, buffer<float>& weights);

} // namespace troupe::fused
