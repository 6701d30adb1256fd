#include "fused/image_feed.hpp"

#include "data/normalization.hpp"
#include "fused/kernels.hpp"

#include <algorithm>

namespace troupe {

namespace {

constexpr auto plane = image_set::height * image_set::width;

/// Returns where the next image goes.
float* normalize(const std::uint8_t* bytes, float* out) {
  for (std::size_t c = 0; c < image_set::channels; ++c) {
    fused::convert_bytes(plane, bytes, static_cast<float>(1 / (255 * pixel_deviation[c])),
                         static_cast<float>(-pixel_mean[c] / pixel_deviation[c]), out);
    bytes += plane;
    out += plane;
  }
  return out;
}

} // namespace

image_feed::image_feed(const image_set& images, std::vector<std::int64_t> order,
                       std::size_t batch_size)
    : source_{images},
      order_{std::move(order)},
      batch_size_{batch_size} {}

bool image_feed::next() {
  const auto count = std::min(batch_size_, order_.size() - dealt_);
  if (count == 0) return false;
  pixels_.resize(count * image_set::bytes_per_image);
  labels_.resize(count);
  float* out = pixels_.data();
  for (auto& label : labels_) {
    const auto image = static_cast<std::size_t>(order_[dealt_++]);
    out = normalize(source_.pixels.data() + image * image_set::bytes_per_image, out);
    label = source_.labels[image];
  }
  return true;
}

double image_feed::fraction() const noexcept {
  return order_.empty() ? 1 : static_cast<double>(dealt_) / static_cast<double>(order_.size());
}

} // namespace troupe
