#include "data/cifar10.hpp"
#include "data/fashion_mnist.hpp"
#include "data/synthetic.hpp"

#include <troupe/errors.hpp>
#include <troupe/images.hpp>

#include <fmt/format.h>

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

image_data load_cifar10(const std::filesystem::path& data_dir, const listener& say) {
  const auto folder = data_dir / cifar10_folder;
  if (!exists(folder)) {
    if (exists(data_dir / "data_batch_1.bin"))
      throw data_error{fmt::format("{} holds CIFAR-10's files themselves; name the folder that "
                                   "contains {} with --data-dir",
                                   data_dir.string(), cifar10_folder)};
    fetch_archive(official_cifar10(), data_dir, {}, say);
  }
  return read_cifar10(folder);
}

image_data load_synthetic(const image_request& request) {
  constexpr std::size_t train = 1'280, test = 256, most = 1'000'000;
  for (const auto count : {request.train_images, request.test_images})
    if (count > most)
      throw data_error{fmt::format(
          "synthetic: {} images were asked for; there are at most {} of each set", count, most)};
  return make_synthetic(request.seed, request.train_images ? request.train_images : train,
                        request.test_images ? request.test_images : test);
}

image_data load_mnist(const std::filesystem::path& data_dir, const listener& say) {
  const auto folder = data_dir / "mnist";
  if (is_directory(folder)) return read_mnist(folder);
  say(fmt::format("MNIST is not there, as {} is no folder: these are Fashion-MNIST's images",
                  folder.string()));
  return read_fashion_mnist(find_fashion_mnist(data_dir));
}

image_data load_all(const image_request& request, const listener& say) {
  if (request.kind == "cifar-10") return load_cifar10(request.data_dir, say);
  if (request.kind == "mnist") return load_mnist(request.data_dir, say);
  if (request.kind == "fashion-mnist")
    return read_fashion_mnist(find_fashion_mnist(request.data_dir));
  if (request.kind == "synthetic") return load_synthetic(request);
  throw data_error{fmt::format("there are no images called \"{}\"; there are \"cifar-10\", "
                               "\"fashion-mnist\", \"mnist\" and \"synthetic\"",
                               request.kind)};
}

} // namespace

image_data load_images(const image_request& request, const listener& say) {
  auto data = load_all(
      request, say ? say : [](std::string_view) {});
  keep_first(data.train, request.train_images, request.kind, "training");
  keep_first(data.test, request.test_images, request.kind, "test");
  return data;
}

} // namespace troupe
