#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace torch::optim {
class Optimizer;
}

namespace troupe {

class sgd;

/// Lets the calling thread compute in `dtype` where that is safe, for as long as the object lives,
/// as torch.autocast does in Python: matrix products and convolutions in bfloat16 or half, sums,
/// norms and losses in float. Parameters, gradients and optimizer state stay float.
///
///     at::Tensor loss;
///     {
///       const troupe::autocast mixed{scope.device(), torch::kBFloat16};
///       loss = torch::cross_entropy_loss(net->forward(x), label);
///     }
///     loss.backward();
///
/// libtorch's memory of casts that were made is off meanwhile: all threads share it, so that
/// gradients would depend on their timing. A weight that is used twice is cast twice.
class autocast {
public:
  /// `dtype`: torch::kBFloat16, torch::kHalf, or torch::kFloat for no casts at all.
  autocast(c10::Device device, at::ScalarType dtype);
  ~autocast();
  autocast(const autocast&) = delete;
  autocast& operator=(const autocast&) = delete;

private:
  c10::DeviceType device_;
  bool was_enabled_, had_cache_;
  at::ScalarType former_dtype_;
};

/// PyTorch's names and defaults.
struct grad_scaler_options {
  double init_scale = 65536;
  double growth_factor = 2;            ///< > 1: after growth_interval steps without an overflow.
  double backoff_factor = 0.5;         ///< In (0, 1): after an overflow.
  std::int64_t growth_interval = 2000; ///< >= 1
  bool enabled = true;                 ///< Else it does nothing, for training in float or bfloat16.
};

/// Scales a loss, so that gradients in half precision do not vanish, and finds a scale at which
/// they do not overflow, as torch.amp.GradScaler does:
///
///     scaler.scale(loss).backward();
///     scaler.unscale(optimizer);   // only where gradients are clipped, or looked at, before step
///     scaler.step(optimizer);      // in place of optimizer.step()
///     scaler.update();
///
/// Its state belongs into the checkpoint: training_state{*net, optimizer, scaler}.
class grad_scaler {
public:
  /// `device`: where the losses are. Throws std::invalid_argument for options out of their ranges.
  explicit grad_scaler(c10::Device device = c10::Device{c10::kCPU},
                       grad_scaler_options options = {});

  at::Tensor scale(const at::Tensor& loss) const;

  /// Divides the gradients of the optimizer's parameters by the scale. Throws std::logic_error if
  /// that has been done since update(), std::invalid_argument for gradients in half precision.
  void unscale(torch::optim::Optimizer& optimizer);
  void unscale(sgd& optimizer);

  /// Lets the optimizer step unless a gradient is infinite or NaN; unscales before if that has not
  /// been done. Returns whether the optimizer has stepped. Throws std::logic_error if this is its
  /// second step since update().
  bool step(torch::optim::Optimizer& optimizer);
  bool step(sgd& optimizer);

  /// Changes the scale after what the optimizers have found. Throws std::logic_error if none has
  /// stepped or been unscaled since the last call.
  void update();

  /// Returns the present scale.
  double get_scale() const;

  const grad_scaler_options& options() const noexcept { return options_; }

private:
  friend class training_state;

  struct progress {
    at::Tensor found_inf; ///< Not 0 if a gradient was not finite; on the scale's device.
    bool stepped = false;
  };

  void unscale(const void* optimizer, const std::vector<at::Tensor>& parameters);
  template <class Optimizer>
  bool step_with(Optimizer& optimizer);

  grad_scaler_options options_;
  at::Tensor scale_, growth_tracker_; ///< float and int32 [], on the device of the losses.
  std::unordered_map<const void*, progress> since_update_; ///< By optimizer.
};

} // namespace troupe
