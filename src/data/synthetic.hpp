#pragma once

#include <troupe/images.hpp>

#include <cstddef>
#include <cstdint>

namespace troupe {

/// Makes images that a network can learn to tell apart, from a seed: each class is a smooth random
/// pattern, each image its class's pattern, displaced and more or less faint, with some of another
/// class's and noise on top. Image i depends on (seed, set, i) alone, so a smaller set is the
/// beginning of a larger one.
image_data make_synthetic(std::uint64_t seed, std::size_t train_images, std::size_t test_images);

} // namespace troupe
