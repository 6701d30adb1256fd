#include "model/gather.hpp"

#include <troupe/torch.hpp>

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/index_select.h>

#include <algorithm>

namespace troupe {

namespace {

constexpr std::int64_t channels = image_set::channels, height = image_set::height,
                       width = image_set::width;

} // namespace

const device_images& shared_images::on(c10::Device device) {
  const std::lock_guard lock{mutex_};
  const auto known = by_device_.find(device);
  if (known != by_device_.end()) return known->second;
  auto here = device.is_cpu() ? device_images{device, &images_} : upload(images_, device);
  return by_device_.emplace(device, std::move(here)).first->second;
}

image_batches::image_batches(const device_images& images, std::vector<std::int64_t> order,
                             std::int64_t batch_size)
    : source_{images},
      order_{std::move(order)},
      batch_size_{batch_size} {
  if (!source_.device.is_cpu()) {
    device_order_ =
        at::from_blob(order_.data(), static_cast<std::int64_t>(order_.size()), at::kLong)
            .to(source_.device);
    return;
  }
  // Channels last: convolutions and pooling of few channels are faster by 10 to 35 % on a CPU.
  image_buffer_ = at::empty({batch_size, channels, height, width}, at::kFloat, std::nullopt,
                            std::nullopt, std::nullopt, at::MemoryFormat::ChannelsLast);
  label_buffer_ = at::empty({batch_size}, at::kLong);
}

bool image_batches::next() {
  const auto total = static_cast<std::int64_t>(order_.size());
  const auto count = std::min(batch_size_, total - dealt_);
  if (count <= 0) return false;
  if (source_.device.is_cpu()) {
    images_ = image_buffer_.narrow(0, 0, count);
    labels_ = label_buffer_.narrow(0, 0, count);
    gather_on_cpu(*source_.set,
                  std::span{order_}.subspan(static_cast<std::size_t>(dealt_),
                                            static_cast<std::size_t>(count)),
                  images_, labels_);
  } else {
    const auto numbers = device_order_.narrow(0, dealt_, count);
    images_ = gather_on_device(source_, numbers);
    labels_ = at::index_select(source_.labels, 0, numbers);
  }
  dealt_ += count;
  return true;
}

double image_batches::fraction() const noexcept {
  return order_.empty() ? 1 : static_cast<double>(dealt_) / static_cast<double>(order_.size());
}

} // namespace troupe
