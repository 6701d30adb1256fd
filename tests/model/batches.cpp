// libtorch defines CHECK too, so doctest's macros go by their long names here.
#define DOCTEST_CONFIG_NO_SHORT_MACRO_NAMES
#include "data/split.hpp"
#include "model/evaluate.hpp"
#include "model/gather.hpp"

#include <troupe/images.hpp>
#include <troupe/random.hpp>
#include <troupe/torch.hpp>

#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/tensor.h>
#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <set>

namespace {

using namespace troupe;

/// Images of random bytes.
image_set random_images(std::size_t count) {
  image_set set;
  random_stream random{1, 0, "test images"};
  set.pixels.resize(count * image_set::bytes_per_image);
  for (auto& pixel : set.pixels)
    pixel = static_cast<std::uint8_t>(random.below(256));
  set.labels.resize(count);
  for (auto& label : set.labels)
    label = static_cast<std::uint8_t>(random.below(10));
  return set;
}

std::vector<std::int64_t> all_of(std::size_t count) {
  std::vector<std::int64_t> order(count);
  std::iota(order.begin(), order.end(), std::int64_t{0});
  return order;
}

} // namespace

DOCTEST_TEST_CASE("images are split four to one, each into one part, as the seed says") {
  const auto split = split_images(1003, 5);
  DOCTEST_CHECK(split.train.size() == 802);
  DOCTEST_CHECK(split.validation.size() == 201);
  std::set<std::int64_t> seen(split.train.begin(), split.train.end());
  seen.insert(split.validation.begin(), split.validation.end());
  DOCTEST_CHECK(seen.size() == 1003);
  DOCTEST_CHECK(*seen.begin() == 0);
  DOCTEST_CHECK(*seen.rbegin() == 1002);
  DOCTEST_CHECK(!std::ranges::is_sorted(split.train));
  DOCTEST_CHECK(split_images(1003, 5).train == split.train);
  DOCTEST_CHECK(split_images(1003, 6).train != split.train);
}

DOCTEST_TEST_CASE("very few images are split too") {
  DOCTEST_CHECK(split_images(2, 1).train.size() == 1);
  DOCTEST_CHECK(split_images(2, 1).validation.size() == 1);
  DOCTEST_CHECK(split_images(0, 1).validation.empty());
}

DOCTEST_TEST_CASE("every epoch has an order of its own, the same each time") {
  const auto first = shuffled(all_of(100), 1, 0);
  DOCTEST_CHECK(std::ranges::is_permutation(first, all_of(100)));
  DOCTEST_CHECK(first == shuffled(all_of(100), 1, 0));
  DOCTEST_CHECK(first != shuffled(all_of(100), 1, 1));
  DOCTEST_CHECK(first != shuffled(all_of(100), 2, 0));
  DOCTEST_CHECK(first != all_of(100));
}

DOCTEST_TEST_CASE("batches cover every image once, in order, and the last may be smaller") {
  shared_images images{random_images(10)};
  const auto order = shuffled(all_of(10), 1, 0);
  image_batches batches{images.on(c10::kCPU), order, 4};
  std::vector<std::int64_t> sizes, labels, expected;
  for (const auto i : order)
    expected.push_back(images.on(c10::kCPU).set->labels[static_cast<std::size_t>(i)]);
  while (batches.next()) {
    sizes.push_back(batches.images().size(0));
    for (std::int64_t i = 0; i < batches.labels().size(0); ++i)
      labels.push_back(batches.labels()[i].item<std::int64_t>());
    DOCTEST_CHECK(batches.fraction() == static_cast<double>(labels.size()) / 10);
  }
  DOCTEST_CHECK(sizes == std::vector<std::int64_t>{4, 4, 2});
  DOCTEST_CHECK(labels == expected);
  DOCTEST_CHECK(!batches.next());
}

DOCTEST_TEST_CASE("a batch larger than the set is the set") {
  shared_images images{random_images(3)};
  image_batches batches{images.on(c10::kCPU), all_of(3), 16};
  DOCTEST_CHECK(batches.next());
  DOCTEST_CHECK(batches.images().sizes() == at::IntArrayRef{3, 3, 32, 32});
  DOCTEST_CHECK(!batches.next());
}

DOCTEST_TEST_CASE("no images, no batch") {
  shared_images images{random_images(1)};
  image_batches batches{images.on(c10::kCPU), {}, 4};
  DOCTEST_CHECK(!batches.next());
}

DOCTEST_TEST_CASE("images are normalised by channel") {
  auto set = random_images(2);
  const auto mean = at::tensor({0.4914, 0.4822, 0.4465}),
             deviation = at::tensor({0.2023, 0.1994, 0.2010});
  shared_images images{set};
  image_batches batches{images.on(c10::kCPU), {1}, 1};
  DOCTEST_REQUIRE(batches.next());
  for (const std::size_t channel : {0, 1, 2})
    for (const std::size_t pixel : {0, 1, 32, 1023}) {
      const auto byte = set.pixels[image_set::bytes_per_image + channel * 1024 + pixel];
      const auto c = static_cast<std::int64_t>(channel), p = static_cast<std::int64_t>(pixel);
      const double expected = (byte / 255.0 - mean[c].item<double>()) / deviation[c].item<double>();
      DOCTEST_CHECK(batches.images()[0][c][p / 32][p % 32].item<double>() ==
                    doctest::Approx(expected).epsilon(1e-5));
    }
}

DOCTEST_TEST_CASE("batches made on a device equal those made from host memory") {
  const auto set = random_images(20);
  const auto order = shuffled(all_of(20), 1, 0);
  const auto there = upload(set, c10::kCPU);
  shared_images images{set};
  image_batches batches{images.on(c10::kCPU), order, 20};
  DOCTEST_REQUIRE(batches.next());
  const auto made_there = gather_on_device(there, at::tensor(order));
  DOCTEST_CHECK(made_there.sizes() == batches.images().sizes());
  DOCTEST_CHECK(made_there.allclose(batches.images(), 1e-5, 1e-6));
  DOCTEST_CHECK(there.labels.index_select(0, at::tensor(order)).equal(batches.labels()));
}

DOCTEST_TEST_CASE("validation averages as a loop over batches does") {
  shared_images images{random_images(300)};
  lenet net{16, 8};
  reset_parameters(net, generator(1));
  for (const std::int64_t batch_size : {1, 7, 64, 100, 500}) {
    DOCTEST_CAPTURE(batch_size);
    double loss = 0, correct = 0;
    int count = 0;
    image_batches batches{images.on(c10::kCPU), all_of(300), batch_size};
    while (batches.next()) {
      const auto logits = net.forward(batches.images());
      loss += at::cross_entropy_loss(logits, batches.labels()).item<double>();
      correct += logits.argmax(1).eq(batches.labels()).sum().item<double>();
      ++count;
    }
    const auto result =
        evaluate(net, images.on(c10::kCPU), all_of(300), batch_size, [] { return false; });
    DOCTEST_REQUIRE(result);
    DOCTEST_CHECK(result->loss == doctest::Approx(loss / count).epsilon(1e-6));
    DOCTEST_CHECK(result->accuracy == correct / 300);
  }
}
