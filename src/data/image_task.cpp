#include "data/image_task.hpp"

#include "trainables/cifar10.hpp"

#include <troupe/errors.hpp>

#include <algorithm>
#include <numeric>

namespace troupe {

image_task load_image_task(const run_context& context) {
  const auto count = [&](std::string_view name) {
    return find(context.options, name) ? param<std::size_t>(context.options, name) : 0;
  };
  image_request request{.data_dir = context.data_dir,
                        .train_images = count("train_images"),
                        .test_images = count("test_images"),
                        .seed = context.seed};
  if (find(context.options, "data")) request.kind = param<std::string>(context.options, "data");
  auto images = load_images(request, context.say);
  if (images.train.size() < 2 || images.test.size() < 1)
    throw data_error{"cifar10 needs at least two training images and one test image"};
  auto split = split_images(images.train.size(), context.seed);
  return {std::move(images.train), std::move(images.test), std::move(split)};
}

int epochs_of(const config& c) {
  return find(c, "max_num_epochs") ? param<int>(c, "max_num_epochs") : cifar10_epochs;
}

double mean_of_batch_means(std::span<const float> losses, std::size_t batch_size) {
  double sum = 0, batches = 0;
  while (!losses.empty()) {
    const auto batch = losses.first(std::min(batch_size, losses.size()));
    sum += std::accumulate(batch.begin(), batch.end(), 0.0) / static_cast<double>(batch.size());
    losses = losses.subspan(batch.size());
    ++batches;
  }
  return sum / batches;
}

} // namespace troupe
