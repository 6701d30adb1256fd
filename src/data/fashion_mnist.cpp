#include "data/fashion_mnist.hpp"

#include "data/idx.hpp"

#include <troupe/errors.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace troupe {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t cloth_side = 28;
constexpr std::size_t border = (image_set::width - cloth_side) / 2;

/// A data set in MNIST's format, as messages speak of it.
struct origin {
  std::string_view name;
  std::string_view remedy; ///< If a file is missing.
};

fs::path find_file(const fs::path& folder, std::string_view name, const origin& from) {
  auto plain = folder / name;
  auto zipped = folder / fmt::format("{}.gz", name);
  if (fs::exists(zipped)) return zipped;
  if (fs::exists(plain)) return plain;
  throw data_error{fmt::format("{} is missing; {}", zipped.string(), from.remedy)};
}

/// Writes one grey image as three equal planes with a border. `planes` is black before.
void frame_image(const std::uint8_t* grey, std::uint8_t* planes) {
  for (std::size_t channel = 0; channel < image_set::channels; ++channel)
    for (std::size_t row = 0; row < cloth_side; ++row) {
      const auto line = (channel * image_set::height + border + row) * image_set::width;
      std::copy_n(grey + row * cloth_side, cloth_side, planes + line + border);
    }
}

image_set read_set(const fs::path& folder, std::string_view prefix, const origin& from) {
  const auto image_file = find_file(folder, fmt::format("{}-images-idx3-ubyte", prefix), from);
  const auto label_file = find_file(folder, fmt::format("{}-labels-idx1-ubyte", prefix), from);
  const auto images = read_idx(image_file, 3);
  auto labels = read_idx(label_file, 1);
  const auto count = images.shape[0];
  if (count == 0 || images.shape[1] != cloth_side || images.shape[2] != cloth_side)
    throw data_error{fmt::format("{}: holds {} images of {}x{} instead of some of 28x28; put {}'s "
                                 "own file in its place",
                                 image_file.string(), count, images.shape[1], images.shape[2],
                                 from.name)};
  if (labels.shape[0] != count)
    throw data_error{
        fmt::format("{}: holds {} labels for the {} images of {}; take both files from "
                    "the same source",
                    label_file.string(), labels.shape[0], count, image_file.string())};
  const auto wrong = std::ranges::find_if(labels.values, [](auto label) { return label > 9; });
  if (wrong != labels.values.end())
    throw data_error{
        fmt::format("{}: label {} (from 0) is {}, not 0 to 9; put {}'s own file in its place",
                    label_file.string(), wrong - labels.values.begin(), *wrong, from.name)};
  image_set set;
  set.labels = std::move(labels.values);
  set.pixels.resize(count * image_set::bytes_per_image);
  for (std::size_t i = 0; i < count; ++i)
    frame_image(images.values.data() + i * cloth_side * cloth_side,
                set.pixels.data() + i * image_set::bytes_per_image);
  return set;
}

} // namespace

fs::path find_fashion_mnist(const fs::path& data_dir) {
  auto own = data_dir / "fashion-mnist";
  return fs::is_directory(own) ? own : fs::path{"/usr/share/datasets/fashion-mnist"};
}

image_data read_fashion_mnist(const fs::path& folder) {
  constexpr origin from{"Fashion-MNIST",
                        "install it with \"apt-get install dataset-fashion-mnist\", or put "
                        "Fashion-MNIST's four files into the folder fashion-mnist of --data-dir"};
  return {.train = read_set(folder, "train", from), .test = read_set(folder, "t10k", from)};
}

image_data read_mnist(const fs::path& folder) {
  constexpr origin from{"MNIST", "put all of MNIST's four files there"};
  return {.train = read_set(folder, "train", from), .test = read_set(folder, "t10k", from)};
}

} // namespace troupe
