// What the three MNIST examples share: Ray Tune's small ConvNet, how it learns, and its images.
#pragma once

#include <troupe/torch.hpp>

#include <torch/torch.h>

#include <optional>

struct convnet : torch::nn::Module {
  // Troupe deals out [B, 3, 32, 32]: MNIST's grey plane three times, with a border of 2 pixels.
  torch::Tensor forward(const torch::Tensor& images) {
    const auto grey = images.narrow(1, 0, 1).narrow(2, 2, 28).narrow(3, 2, 28);
    return fc(torch::relu(torch::max_pool2d(conv(grey), 3)).flatten(1));
  }

  torch::nn::Conv2d conv =
      register_module("conv", torch::nn::Conv2d{torch::nn::Conv2dOptions{1, 3, 3}});
  torch::nn::Linear fc = register_module("fc", torch::nn::Linear{192, 10});
};

// Learns from all batches; false if `t` is to stop meanwhile.
inline bool learn(convnet& net, troupe::sgd& optimizer, troupe::image_batches batches,
                  troupe::trial* t = nullptr) {
  while (batches.next()) {
    if (t && t->stopping()) return false;
    optimizer.zero_grad();
    torch::cross_entropy_loss(net.forward(batches.images()), batches.labels()).backward();
    optimizer.step();
    if (t) t->progress(batches.fraction());
  }
  return true;
}

inline troupe::metrics judge(convnet& net, troupe::image_batches batches) {
  const torch::NoGradGuard no_grad;
  double loss = 0, correct = 0, count = 0;
  while (batches.next()) {
    const auto size = static_cast<double>(batches.labels().size(0));
    const auto logits = net.forward(batches.images());
    loss += size * torch::cross_entropy_loss(logits, batches.labels()).item<double>();
    correct += logits.argmax(1).eq(batches.labels()).sum().item<double>();
    count += size;
  }
  return {{"loss", loss / count}, {"accuracy", correct / count}};
}

// What all trials of a run share.
struct digits {
  std::optional<troupe::shared_images> train, test;
  std::vector<std::int64_t> known, unseen, last; // Of train: to learn from, to judge by. Of test.

  void load(const troupe::run_context& run) {
    const auto* kind = troupe::find(run.options, "data");
    const auto* count = troupe::find(run.options, "train_images");
    auto images = troupe::load_images(
        {.kind = kind ? std::string{kind->as_string()} : "mnist",
         .data_dir = run.data_dir,
         .train_images = count ? static_cast<std::size_t>(count->as_int64()) : 0,
         .seed = run.seed},
        run.say);
    known.clear(), unseen.clear(), last.clear();
    for (std::size_t i = 0; i < images.train.size(); ++i)
      (i % 10 ? known : unseen).push_back(static_cast<std::int64_t>(i));
    for (std::size_t i = 0; i < images.test.size(); ++i)
      last.push_back(static_cast<std::int64_t>(i));
    train.emplace(std::move(images.train));
    test.emplace(std::move(images.test));
  }
};

// Completes a trainable on `data`: the study's options, the images, and a test of the best network.
inline troupe::trainable on_digits(troupe::trainable t, std::shared_ptr<digits> data) {
  t.options = {
      {"data", troupe::parameter::kind::text, {}, {}, "mnist", "or fashion-mnist, …"},
      {"train_images", troupe::parameter::kind::integer, 10, {}, nullptr, "the first so many"}};
  t.metrics = {"loss", "accuracy"};
  t.checkpoints = true;
  t.load = [data](const troupe::run_context& run) { data->load(run); };
  t.test = [data](const troupe::config&, const troupe::checkpoint& best) {
    convnet net;
    troupe::restore(net, best);
    return judge(net, {data->test->on(torch::kCPU), data->last, 1000});
  };
  return t;
}
