#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// Labelled images of one shape: 3 planes (red, green, blue) of 32x32 bytes, row-major.
struct image_set {
  static constexpr std::size_t channels = 3, height = 32, width = 32;
  static constexpr std::size_t bytes_per_image = channels * height * width;

  std::vector<std::uint8_t> pixels; ///< size() x 3 x 32 x 32.
  std::vector<std::uint8_t> labels; ///< size(), each 0 to 9.

  std::size_t size() const noexcept { return labels.size(); }
};

/// A data set for training a classifier of ten classes.
struct image_data {
  image_set train; ///< What trials learn from and are judged by; they split it themselves.
  image_set test;  ///< What no trial sees.
};

/// Which images to load.
struct image_request {
  /// "cifar-10": the official binary version, downloaded if it is not there yet;
  /// "fashion-mnist": Debian's package dataset-fashion-mnist, padded to 32x32 and repeated to three
  /// channels; "mnist": MNIST's four IDX files in the folder mnist of data_dir, in the same way;
  /// "synthetic": learnable images made from `seed`. None stands in for another.
  std::string kind = "cifar-10";
  /// The folder that contains (or is to contain) cifar-10-batches-bin.
  std::filesystem::path data_dir = "data";
  /// Use only the first so many images; 0: all. Synthetic: 1,280 and 256 by default.
  std::size_t train_images = 0, test_images = 0;
  std::uint64_t seed = 0; ///< Of synthetic images.
};

/// Loads images. `say` is told about slow steps (download progress), and at the end which images
/// these are, how many, and from where. Throws data_error, naming the
/// file and the remedy, if they cannot be had, are truncated, or have labels out of range.
image_data load_images(const image_request&, const std::function<void(std::string_view)>& say);

/// Returns `order` in the order of epoch `epoch`, which depends on the arguments alone: a trial
/// that is resumed at an epoch needs no saved state.
std::vector<std::int64_t> shuffled(std::vector<std::int64_t> order, std::uint64_t seed,
                                   std::uint64_t epoch);

} // namespace troupe
