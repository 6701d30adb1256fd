#include "fused/image_feed.hpp"

#include "data/normalization.hpp"

#include <algorithm>
#include <array>

namespace troupe {

namespace {

constexpr auto plane = image_set::height * image_set::width;

using normalization_table = std::array<std::array<float, 256>, image_set::channels>;

constexpr normalization_table normalized = [] {
  normalization_table table{};
  for (std::size_t c = 0; c < table.size(); ++c)
    for (std::size_t byte = 0; byte < 256; ++byte)
      table[c][byte] = static_cast<float>((static_cast<double>(byte) / 255.0 - pixel_mean[c]) /
                                          pixel_deviation[c]);
  return table;
}();

float* normalize(const std::uint8_t* bytes, float* out) {
  for (const auto& table : normalized)
    for (std::size_t i = 0; i < plane; ++i)
      *out++ = table[*bytes++];
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
