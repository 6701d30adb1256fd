#include <troupe/errors.hpp>
#include <troupe/images.hpp>

#include <doctest/doctest.h>

#include <array>
#include <limits>
#include <set>
#include <vector>

using namespace troupe;

namespace {

image_data make(std::uint64_t seed, std::size_t train = 0, std::size_t test = 0) {
  return load_images(
      {.kind = "synthetic", .train_images = train, .test_images = test, .seed = seed}, {});
}

using means = std::array<std::vector<double>, 10>;

means class_means(const image_set& set) {
  means sums;
  sums.fill(std::vector<double>(image_set::bytes_per_image));
  std::array<int, 10> counts{};
  for (std::size_t i = 0; i < set.size(); ++i) {
    ++counts[set.labels[i]];
    for (std::size_t j = 0; j < image_set::bytes_per_image; ++j)
      sums[set.labels[i]][j] += set.pixels[i * image_set::bytes_per_image + j];
  }
  for (std::size_t label = 0; label < 10; ++label)
    for (auto& sum : sums[label])
      sum /= counts[label];
  return sums;
}

/// The share of images that are nearest to their own class's mean.
double nearest_mean_accuracy(const means& centres, const image_set& set) {
  int right = 0;
  for (std::size_t i = 0; i < set.size(); ++i) {
    auto least = std::numeric_limits<double>::infinity();
    std::size_t nearest = 0;
    for (std::size_t label = 0; label < 10; ++label) {
      double distance = 0;
      for (std::size_t j = 0; j < image_set::bytes_per_image; ++j) {
        const auto d = set.pixels[i * image_set::bytes_per_image + j] - centres[label][j];
        distance += d * d;
      }
      if (distance < least) least = distance, nearest = label;
    }
    right += nearest == set.labels[i];
  }
  return right / static_cast<double>(set.size());
}

} // namespace

TEST_CASE("synthetic images are 1,280 and 256 unless told otherwise, of all ten classes") {
  const auto data = make(0);
  CHECK(data.train.size() == 1'280);
  CHECK(data.test.size() == 256);
  CHECK(data.train.pixels.size() == 1'280 * image_set::bytes_per_image);
  const std::set<int> seen{data.train.labels.begin(), data.train.labels.end()};
  CHECK(seen == std::set<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
}

TEST_CASE("synthetic images depend on the seed alone") {
  const auto one = make(5, 50, 20), same = make(5, 50, 20), other = make(6, 50, 20);
  CHECK(one.train.pixels == same.train.pixels);
  CHECK(one.train.labels == same.train.labels);
  CHECK(one.test.pixels == same.test.pixels);
  CHECK(one.train.pixels != other.train.pixels);
  CHECK(one.train.labels != other.train.labels);
}

TEST_CASE("a smaller synthetic set is the beginning of a larger one") {
  const auto small = make(5, 20, 5), large = make(5, 50, 20);
  CHECK(
      std::equal(small.train.pixels.begin(), small.train.pixels.end(), large.train.pixels.begin()));
  CHECK(std::equal(small.test.labels.begin(), small.test.labels.end(), large.test.labels.begin()));
}

TEST_CASE("synthetic training and test images are different images") {
  const auto data = make(5, 20, 20);
  CHECK(data.train.pixels != data.test.pixels);
}

TEST_CASE("synthetic classes can be told apart, but not at a glance") {
  const auto data = make(1);
  const auto accuracy = nearest_mean_accuracy(class_means(data.train), data.test);
  CHECK(accuracy > 0.5);
  CHECK(accuracy < 0.99);
}

TEST_CASE("more synthetic images than memory may hold are refused, not tried") {
  for (const auto count : {std::size_t{1'000'001}, std::size_t{1} << 60})
    CHECK_THROWS_WITH_AS(make(1, count, 1),
                         doctest::Contains("there are at most 1000000 of each set"), data_error);
}
