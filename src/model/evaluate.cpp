#include "model/evaluate.hpp"

#include <ATen/ops/argmax.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/eq.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <numeric>
#include <span>

namespace troupe {

namespace {

/// About how many images the network sees at a time: enough to hide the cost of a call, few enough
/// for the cache.
constexpr std::int64_t images_at_a_time = 64;

/// Returns the sum over batches of their mean loss.
double sum_of_batch_means(std::span<const float> losses, std::size_t batch_size) {
  double sum = 0;
  while (!losses.empty()) {
    const auto batch = losses.first(std::min(batch_size, losses.size()));
    sum += std::accumulate(batch.begin(), batch.end(), 0.0) / static_cast<double>(batch.size());
    losses = losses.subspan(batch.size());
  }
  return sum;
}

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
  double loss = 0;
  std::int64_t correct = 0;
  while (chunks.next()) {
    if (stopping()) return {};
    const auto logits = net.forward(chunks.images());
    const auto losses =
        at::cross_entropy_loss(logits, chunks.labels(), {}, at::Reduction::None).cpu();
    loss += sum_of_batch_means(
        {losses.const_data_ptr<float>(), static_cast<std::size_t>(losses.numel())},
        static_cast<std::size_t>(batch_size));
    correct += logits.argmax(1).eq(chunks.labels()).sum().item<std::int64_t>();
  }
  const auto batches = (total + batch_size - 1) / batch_size;
  return score{loss / static_cast<double>(batches),
               static_cast<double>(correct) / static_cast<double>(total)};
}

} // namespace troupe
