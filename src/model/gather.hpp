#pragma once

#include <troupe/torch.hpp>

#include <cstdint>
#include <span>

namespace troupe {

/// Writes images `order`, normalised, to `images` (float [B, 3, 32, 32] with channels last in
/// memory) and their labels to `labels` (int64 [B]). Both are on the CPU, B is the size of `order`.
void gather_on_cpu(const image_set& set, std::span<const std::int64_t> order,
                   const at::Tensor& images, const at::Tensor& labels);

/// Copies `set` to `device`. The copies are there when it returns, for all streams.
device_images upload(const image_set& set, c10::Device device);

/// Returns images `order` (int64 [B], on the images' device), normalised: float [B, 3, 32, 32].
/// `images` come from upload.
at::Tensor gather_on_device(const device_images& images, const at::Tensor& order);

} // namespace troupe
