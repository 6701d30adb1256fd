#include "data/cifar10.hpp"
#include "data/fashion_mnist.hpp"
#include "data/synthetic.hpp"

#include <troupe/errors.hpp>
#include <troupe/images.hpp>

#include <fmt/format.h>

#include <string>
#include <utility>

namespace troupe {
namespace {

using listener = std::function<void(std::string_view)>;

void keep_first(image_set& set, std::size_t count, std::string_view kind, std::string_view name) {
  if (count == 0) return;
  if (count > set.size())
    throw data_error{
        fmt::format("{}: {} {} images were asked for, but there are {}; ask for fewer, "
                    "or for 0 to have all",
                    kind, count, name, set.size())};
  set.labels.resize(count);
  set.pixels.resize(count * image_set::bytes_per_image);
  set.pixels.shrink_to_fit();
}

/// What was loaded, and from where.
struct named_images {
  image_data data;
  std::string origin;
};

named_images load_cifar10(const std::filesystem::path& data_dir, const listener& say) {
  const auto folder = data_dir / cifar10_folder;
  if (!exists(folder)) {
    if (exists(data_dir / "data_batch_1.bin"))
      throw data_error{fmt::format("{} holds CIFAR-10's files themselves; name the folder that "
                                   "contains {} with --data-dir",
                                   data_dir.string(), cifar10_folder)};
    fetch_archive(official_cifar10(), data_dir, {}, say);
  }
  return {read_cifar10(folder), "CIFAR-10 from " + folder.string()};
}

named_images load_synthetic(const image_request& request) {
  constexpr std::size_t train = 1'280, test = 256, most = 1'000'000;
  for (const auto count : {request.train_images, request.test_images})
    if (count > most)
      throw data_error{fmt::format(
          "synthetic: {} images were asked for; there are at most {} of each set", count, most)};
  return {make_synthetic(request.seed, request.train_images ? request.train_images : train,
                         request.test_images ? request.test_images : test),
          fmt::format("synthetic, made from seed {}", request.seed)};
}

named_images load_mnist(const std::filesystem::path& data_dir) {
  const auto folder = data_dir / "mnist";
  if (!is_directory(folder))
    throw data_error{fmt::format("{} is no folder: put MNIST's four files there, or ask for "
                                 "\"fashion-mnist\", which is another set in the same form",
                                 folder.string())};
  return {read_mnist(folder), "MNIST from " + folder.string()};
}

named_images load_fashion_mnist(const std::filesystem::path& data_dir) {
  const auto folder = find_fashion_mnist(data_dir);
  return {read_fashion_mnist(folder), "Fashion-MNIST from " + folder.string()};
}

named_images load_all(const image_request& request, const listener& say) {
  if (request.kind == "cifar-10") return load_cifar10(request.data_dir, say);
  if (request.kind == "mnist") return load_mnist(request.data_dir);
  if (request.kind == "fashion-mnist") return load_fashion_mnist(request.data_dir);
  if (request.kind == "synthetic") return load_synthetic(request);
  throw data_error{fmt::format("there are no images called \"{}\"; there are \"cifar-10\", "
                               "\"fashion-mnist\", \"mnist\" and \"synthetic\"",
                               request.kind)};
}

} // namespace

image_data load_images(const image_request& request, const listener& say) {
  const listener heard = say ? say : [](std::string_view) {};
  auto [data, origin] = load_all(request, heard);
  keep_first(data.train, request.train_images, request.kind, "training");
  keep_first(data.test, request.test_images, request.kind, "test");
  heard(fmt::format("images: {}: {} for training and {} for the test", origin, data.train.size(),
                    data.test.size()));
  return std::move(data);
}

} // namespace troupe
