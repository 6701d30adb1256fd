#pragma once

#include <troupe/images.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace troupe {

/// Deals images out in batches, normalised as image_batches does it.
class image_feed {
public:
  /// `order`: the numbers of the images to deal out. `images` must outlive *this.
  image_feed(const image_set& images, std::vector<std::int64_t> order, std::size_t batch_size);

  /// Makes the next batch, in the memory of the one before. Returns false if there is none.
  bool next();

  /// [B, 3, 32, 32] and [B].
  std::span<const float> images() const noexcept { return pixels_; }
  std::span<const std::int64_t> labels() const noexcept { return labels_; }

  /// Returns how much of the images has been dealt out, in [0, 1].
  double fraction() const noexcept;

private:
  const image_set& source_;
  std::vector<std::int64_t> order_;
  std::size_t batch_size_, dealt_ = 0;
  std::vector<float> pixels_;
  std::vector<std::int64_t> labels_;
};

} // namespace troupe
