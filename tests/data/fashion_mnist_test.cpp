#include "data/fashion_mnist.hpp"
#include "idx_files.hpp"
#include "messages.hpp"
#include "temp_dir.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <span>

using namespace troupe;

namespace {

std::array<int, 10> count_labels(const image_set& set) {
  std::array<int, 10> counts{};
  for (const auto label : set.labels)
    ++counts.at(label);
  return counts;
}

std::span<const std::uint8_t> plane(const image_set& set, std::size_t image, std::size_t channel) {
  return std::span{set.pixels}.subspan((image * 3 + channel) * 1024, 1024);
}

/// Fashion-MNIST's four files with one training and two test images, in a data folder's own folder.
struct small_set {
  temp_dir dir;
  std::filesystem::path folder = dir / "fashion-mnist";

  small_set() {
    write_file(folder / "train-images-idx3-ubyte", idx_bytes({1, 28, 28}, std::string(784, 'a')));
    write_file(folder / "train-labels-idx1-ubyte", idx_bytes({1}, "\x04"));
    write_gzipped(folder / "t10k-images-idx3-ubyte.gz",
                  idx_bytes({2, 28, 28}, std::string(1568, 'b')));
    write_gzipped(folder / "t10k-labels-idx1-ubyte.gz", idx_bytes({2}, "\x09\x02"));
  }
  std::string message() const {
    return message_of([&] { load_images({.kind = "fashion-mnist", .data_dir = dir.path()}, {}); });
  }
};

} // namespace

TEST_CASE("the installed Fashion-MNIST has all its images, evenly labelled") {
  const temp_dir empty;
  const auto data = load_images({.kind = "fashion-mnist", .data_dir = empty.path()}, {});
  REQUIRE(data.train.size() == 60'000);
  REQUIRE(data.test.size() == 10'000);
  CHECK(data.train.pixels.size() == 60'000 * image_set::bytes_per_image);
  CHECK(std::ranges::all_of(count_labels(data.train), [](int n) { return n == 6'000; }));
  CHECK(std::ranges::all_of(count_labels(data.test), [](int n) { return n == 1'000; }));
  CHECK(data.train.labels[0] == 9); // The well-known first image: an ankle boot.
}

TEST_CASE("Fashion-MNIST's images stand in a black border, equal in all channels") {
  const temp_dir empty;
  const auto data = load_images(
      {.kind = "fashion-mnist", .data_dir = empty.path(), .train_images = 100, .test_images = 100},
      {});
  REQUIRE(data.train.size() == 100);
  for (std::size_t image = 0; image < 100; ++image) {
    const auto red = plane(data.train, image, 0);
    CHECK(std::ranges::equal(red, plane(data.train, image, 1)));
    CHECK(std::ranges::equal(red, plane(data.train, image, 2)));
    for (std::size_t i = 0; i < 1024; ++i) {
      const auto y = i / 32, x = i % 32;
      if (y < 2 || y >= 30 || x < 2 || x >= 30) REQUIRE(red[i] == 0);
    }
  }
}

TEST_CASE("Fashion-MNIST in the data folder goes before the installed one") {
  const small_set files;
  const auto data = load_images({.kind = "fashion-mnist", .data_dir = files.dir.path()}, {});
  CHECK(data.train.labels == std::vector<std::uint8_t>{4});
  CHECK(data.test.labels == std::vector<std::uint8_t>{9, 2});
  CHECK(std::ranges::count(plane(data.train, 0, 2), 'a') == 28 * 28);
  CHECK(plane(data.train, 0, 0)[2 * 32 + 2] == 'a');
  CHECK(plane(data.test, 1, 1)[29 * 32 + 29] == 'b');
}

TEST_CASE("a missing file of Fashion-MNIST names the package to install") {
  const small_set files;
  remove(files.folder / "t10k-labels-idx1-ubyte.gz");
  CHECK(has_all(files.message(), {"t10k-labels-idx1-ubyte.gz is missing",
                                  "apt-get install dataset-fashion-mnist", "--data-dir"}));
}

TEST_CASE("labels and images of different number are an error") {
  const small_set files;
  write_file(files.folder / "train-labels-idx1-ubyte", idx_bytes({2}, "\x04\x05"));
  CHECK(has_all(files.message(), {"train-labels", "2 labels for the 1 images", "train-images"}));
}

TEST_CASE("a label of Fashion-MNIST beyond 9 is an error") {
  const small_set files;
  write_gzipped(files.folder / "t10k-labels-idx1-ubyte.gz", idx_bytes({2}, "\x09\x0A"));
  CHECK(has_all(files.message(), {"t10k-labels", "label 1 (from 0) is 10, not 0 to 9"}));
}

TEST_CASE("images of another size than 28x28, or none, are an error") {
  const small_set files;
  write_file(files.folder / "train-images-idx3-ubyte",
             idx_bytes({1, 32, 32}, std::string(1024, 'a')));
  CHECK(has_all(files.message(), {"train-images", "1 images of 32x32 instead of some of 28x28"}));
  write_file(files.folder / "train-images-idx3-ubyte", idx_bytes({0, 28, 28}, ""));
  CHECK(has_all(files.message(), {"train-images", "0 images"}));
}

TEST_CASE("MNIST's own files are read, and it is said which images these are") {
  const small_set files;
  rename(files.folder, files.dir / "mnist");
  std::string said;
  const auto data = load_images({.kind = "mnist", .data_dir = files.dir.path()},
                                [&said](std::string_view line) { said = line; });
  CHECK(data.train.labels == std::vector<std::uint8_t>{4});
  CHECK(data.test.labels == std::vector<std::uint8_t>{9, 2});
  CHECK(said == "images: MNIST from " + (files.dir / "mnist").string() +
                    ": 1 for training and 2 for the test");
}

TEST_CASE("where MNIST is not, nothing takes its place") {
  const small_set files;
  const auto message =
      message_of([&] { load_images({.kind = "mnist", .data_dir = files.dir.path()}, {}); });
  CHECK(has_all(message, {"mnist is no folder", "MNIST's four files", "\"fashion-mnist\""}));
}

TEST_CASE("an incomplete MNIST is an error, and is not replaced") {
  const small_set files;
  rename(files.folder, files.dir / "mnist");
  remove(files.dir / "mnist" / "train-labels-idx1-ubyte");
  const auto message =
      message_of([&] { load_images({.kind = "mnist", .data_dir = files.dir.path()}, {}); });
  CHECK(has_all(message, {"train-labels-idx1-ubyte.gz is missing", "MNIST's four files"}));
}
