#include "trainables/cifar10.hpp"

namespace troupe {

namespace {

constexpr double most_images = 1e6;
constexpr double smallest_lr = 1e-12; // Bounds are inclusive, and 0 would learn nothing.

parameter count_parameter(std::string name, std::string help,
                          std::optional<boost::json::value> fallback = {}) {
  return {std::move(name), parameter::kind::integer, 1, {}, std::move(fallback), std::move(help)};
}

std::vector<parameter> parameters() {
  return {count_parameter("l1", "width of the first linear layer"),
          count_parameter("l2", "width of the second linear layer"),
          {"lr", parameter::kind::real, smallest_lr, {}, {}, "learning rate"},
          count_parameter("batch_size", "images per step"),
          count_parameter("max_num_epochs", "a trial is complete after so many", cifar10_epochs)};
}

/// An option that says how many images to use. Each takes 3 kB.
parameter image_count(std::string name) {
  auto p = count_parameter(std::move(name), "use only the first so many");
  p.high = most_images;
  p.fallback = nullptr; // all there are
  return p;
}

std::vector<parameter> options() {
  return {{"data", parameter::kind::text, {}, {}, "cifar-10", "or fashion-mnist, mnist, synthetic"},
          image_count("train_images"),
          image_count("test_images")};
}

} // namespace

trainable describe_cifar10() {
  trainable t;
  t.name = "cifar10";
  t.help = "a LeNet on 32x32 images: CIFAR-10, Fashion-MNIST or synthetic ones";
  t.parameters = parameters();
  t.options = options();
  t.metrics = {"loss", "accuracy"};
  t.engines = {{"fused"}, {"eager", true}};
  t.checkpoints = true;
  return t;
}

} // namespace troupe
