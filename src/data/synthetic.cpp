#include "data/synthetic.hpp"

#include <troupe/random.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string_view>

namespace troupe {
namespace {

constexpr std::size_t classes = 10;
constexpr std::size_t side = image_set::width;
using pattern = std::array<float, image_set::bytes_per_image>; ///< Mean 0, variance 1.

/// Adds a plane wave of unit variance that repeats at the image's edges.
void add_wave(random_stream& random, float weight, float* plane) {
  const auto down = static_cast<double>(random.below(7)) - 3;
  const auto across = static_cast<double>(random.below(3)) + 1;
  const auto phase = random.uniform();
  for (std::size_t y = 0; y < side; ++y)
    for (std::size_t x = 0; x < side; ++x) {
      const auto turns = phase + (down * static_cast<double>(y) + across * static_cast<double>(x)) /
                                     static_cast<double>(side);
      plane[y * side + x] +=
          weight * static_cast<float>(std::numbers::sqrt2 * std::cos(2 * std::numbers::pi * turns));
    }
}

std::array<pattern, classes> draw_patterns(std::uint64_t seed) {
  constexpr int waves = 3;
  std::array<pattern, classes> patterns{};
  for (std::size_t label = 0; label < classes; ++label) {
    random_stream random{seed, label, "synthetic pattern"};
    for (std::size_t channel = 0; channel < image_set::channels; ++channel)
      for (int wave = 0; wave < waves; ++wave)
        add_wave(random, 1 / std::sqrt(float{waves}),
                 patterns[label].data() + channel * side * side);
  }
  return patterns;
}

/// Adds a pattern to an image, displaced by up to 3 pixels each way.
void blend(const pattern& from, float strength, random_stream& random, pattern& image) {
  const auto dy = side - 3 + random.below(7), dx = side - 3 + random.below(7);
  for (std::size_t channel = 0; channel < image_set::channels; ++channel)
    for (std::size_t y = 0; y < side; ++y)
      for (std::size_t x = 0; x < side; ++x)
        image[(channel * side + y) * side + x] +=
            strength * from[(channel * side + (y + dy) % side) * side + (x + dx) % side];
}

/// Rounds to bytes, with uniform noise: eight values of it for each random number.
void quantise(const pattern& image, random_stream& random, std::uint8_t* pixels) {
  constexpr float middle = 127.5F, noise = 0.5F;
  for (std::size_t i = 0; i < image.size(); i += 8) {
    auto bits = random();
    for (std::size_t j = i; j < i + 8; ++j, bits >>= 8) {
      const auto value = middle + image[j] + noise * (static_cast<float>(bits & 0xFF) - middle);
      pixels[j] = static_cast<std::uint8_t>(std::clamp(value, 0.0F, 255.0F));
    }
  }
}

image_set draw_images(const std::array<pattern, classes>& patterns, std::uint64_t seed,
                      std::string_view purpose, std::size_t count) {
  image_set set;
  set.labels.resize(count);
  set.pixels.resize(count * image_set::bytes_per_image);
  for (std::size_t i = 0; i < count; ++i) {
    random_stream random{seed, i, purpose};
    const auto label = random.below(classes);
    const auto other = (label + 1 + random.below(classes - 1)) % classes;
    const auto share = static_cast<float>(random.uniform());
    pattern image{};
    blend(patterns[label], 20 + 30 * share, random, image);
    blend(patterns[other], 30 * (1 - share), random, image);
    quantise(image, random, set.pixels.data() + i * image_set::bytes_per_image);
    set.labels[i] = static_cast<std::uint8_t>(label);
  }
  return set;
}

} // namespace

image_data make_synthetic(std::uint64_t seed, std::size_t train_images, std::size_t test_images) {
  const auto patterns = draw_patterns(seed);
  return {.train = draw_images(patterns, seed, "synthetic train image", train_images),
          .test = draw_images(patterns, seed, "synthetic test image", test_images)};
}

} // namespace troupe
