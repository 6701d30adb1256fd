#include "model/evaluate.hpp"

#include <ATen/ops/argmax.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/eq.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <vector>

namespace troupe {

namespace {

/// About how many images the network sees at a time: enough to hide the cost of a call, few enough
/// for the cache.
constexpr std::int64_t images_at_a_time = 64;

} // namespace

std::optional<score> evaluate(lenet& net, const device_images& images,
                              std::vector<std::int64_t> order, std::int64_t batch_size,
                              const std::function<bool()>& stopping) {
  const c10::InferenceMode inference;
  net.eval();
  const auto total = static_cast<std::int64_t>(order.size());
  // Whole batches at a time, so that none is divided.
  const auto at_a_time = batch_size * std::max<std::int64_t>(1, images_at_a_time / batch_size);
  image_batches chunks{images, std::move(order), at_a_time};
  std::vector<float> all_losses;
  std::int64_t correct = 0;
  while (chunks.next()) {
    if (stopping()) return {};
    const auto logits = net.forward(chunks.images());
    const auto losses =
        at::cross_entropy_loss(logits, chunks.labels(), {}, at::Reduction::None).cpu();
    const auto* values = losses.const_data_ptr<float>();
    all_losses.insert(all_losses.end(), values, values + losses.numel());
    correct += logits.argmax(1).eq(chunks.labels()).sum().item<std::int64_t>();
  }
  return score{mean_of_batch_means(all_losses, static_cast<std::size_t>(batch_size)),
               static_cast<double>(correct) / static_cast<double>(total)};
}

} // namespace troupe
