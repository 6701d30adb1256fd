#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace troupe {

/// The numbers of images to learn from, and of those to judge by.
struct image_split {
  std::vector<std::int64_t> train, validation;
};

/// Deals `count` images out at random: four fifths, rounded down, to learn from and the rest to
/// judge by. The same for the same arguments.
image_split split_images(std::size_t count, std::uint64_t seed);

} // namespace troupe
