#pragma once

#include <troupe/fused.hpp>
#include <troupe/random.hpp>

#include <algorithm>
#include <vector>

namespace troupe::fused {

/// Random examples with labels.
struct examples {
  std::vector<float> values;
  std::vector<std::int64_t> labels;

  examples(std::size_t count, std::size_t size, std::size_t classes, std::uint64_t seed) {
    random_stream random{seed, 0, "examples"};
    for (std::size_t i = 0; i < count * size; ++i)
      values.push_back(static_cast<float>(2 * random.uniform() - 1));
    for (std::size_t i = 0; i < count; ++i)
      labels.push_back(static_cast<std::int64_t>(random.below(classes)));
  }
};

inline std::vector<block> small_blocks() {
  return {conv2d{4, 3},      relu{},       max_pool2d{2}, dropout{0.3}, flatten{}, linear{12},
          tanh_activation{}, dropout{0.5}, linear{5}};
}

inline network small_network(std::uint64_t seed) {
  return {image{2, 8, 8}, small_blocks(), seed};
}

/// Whether two checkpoints are the same, byte by byte.
inline bool same(const checkpoint& a, const checkpoint& b) {
  return std::ranges::equal(a.blobs(), b.blobs(), [](const blob& x, const blob& y) {
    return x.name == y.name && x.bytes == y.bytes;
  });
}

} // namespace troupe::fused
