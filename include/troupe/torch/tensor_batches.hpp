#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace troupe {

struct batch_options {
  std::int64_t batch_size;                ///< >= 1
  std::optional<std::uint64_t> seed = {}; ///< Shuffles, each epoch anew; without: in order.
  bool drop_last = false;                 ///< Leave out a last batch that is smaller.
};

/// Deals tensors out in batches, row by row of their first dimension:
///
///     tensor_batches batches{{x, label}, {.batch_size = 32, .seed = t.seed("shuffle")}, device};
///     for (int epoch = t.iteration(); epoch < epochs; ++epoch) {
///       batches.start(epoch);
///       while (batches.next()) step(batches[0], batches[1]);
///     }
///
/// The order depends on seed and epoch alone, whatever the device: a trial that goes on at an epoch
/// needs no saved state.
class tensor_batches {
public:
  /// Copies the tensors to `device`, unless they are there: those of a large set, once for all
  /// trials. Throws std::invalid_argument if there are no tensors, or they differ in the size of
  /// their first dimension, or the batch size is not positive.
  tensor_batches(std::vector<at::Tensor> tensors, batch_options options,
                 c10::Device device = c10::Device{c10::kCPU});

  /// Begins an epoch, from 0; the first begins by itself.
  void start(std::uint64_t epoch);

  /// Makes the next batch. Returns false if the epoch is over.
  bool next();

  /// Returns the present batch of tensor `i`: rows [B, …].
  const at::Tensor& operator[](std::size_t i) const { return batch_.at(i); }

  /// Returns how many batches an epoch has.
  std::int64_t size() const noexcept;

  /// Returns how much of the epoch has been dealt out, in [0, 1].
  double fraction() const noexcept;

private:
  std::vector<at::Tensor> tensors_, batch_;
  batch_options options_;
  c10::Device device_;
  std::int64_t rows_, dealt_ = 0; ///< dealt_: batches.
  at::Tensor order_;              ///< int64 [rows_] on the device; undefined: in order.
};

} // namespace troupe
