#pragma once

#include <troupe/fused.hpp>
#include <troupe/random.hpp>
#include <troupe/torch.hpp>

#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/pooling.h>

#include <string>
#include <utility>
#include <vector>

namespace troupe {

/// The same network twice: for the fused engine, and as a module of libtorch.
struct twin_networks {
  std::string text; ///< What it is, for a test's message.
  fused::image in{1, 1, 1};
  std::vector<fused::block> blocks;
  torch::nn::Sequential module;
  std::int64_t batch = 1, outputs = 1;
  bool classifies = false; ///< Cross entropy, else squared error.

  fused::network network(int threads = 1) const { return {in, blocks, 0, threads}; }
  torch::nn::SequentialImpl& net() const { return *module.ptr(); }
};

/// Draws an architecture.
class twin_maker {
public:
  explicit twin_maker(std::uint64_t seed) : random_{seed, 0, "architecture"} {}

  twin_networks make() {
    twin_ = {};
    twin_.in = {between(1, 4), between(4, 13), between(4, 13)};
    shape_ = {twin_.in.height, twin_.in.width};
    channels_ = twin_.in.channels;
    say("in " + std::to_string(channels_) + "x" + to_text(shape_));
    for (auto stages = between(0, 3); stages > 0; --stages)
      add_stage();
    add(fused::flatten{}, torch::nn::Flatten{});
    features_ = channels_ * shape_.height * shape_.width;
    for (auto hidden = between(0, 2); hidden > 0; --hidden) {
      add_linear(between(1, 40));
      add_activation();
    }
    twin_.classifies = chance();
    add_linear(twin_.outputs = between(twin_.classifies ? 2 : 1, 20));
    twin_.batch = between(1, 9);
    say("batch " + std::to_string(twin_.batch));
    return twin_;
  }

private:
  using extent = fused::extent;

  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low +
           static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(high - low + 1)));
  }
  bool chance() { return random_.below(2) == 0; }
  extent pair(std::int64_t low, std::int64_t high) {
    const auto first = between(low, high);
    return {first, chance() ? first : between(low, high)};
  }

  static std::string to_text(extent e) {
    return std::to_string(e.height) + "x" + std::to_string(e.width);
  }
  static std::vector<std::int64_t> to_list(extent e) { return {e.height, e.width}; }

  void say(const std::string& what) { twin_.text += (twin_.text.empty() ? "" : ", ") + what; }

  template <class Module>
  void add(fused::block b, Module m) {
    twin_.blocks.push_back(std::move(b));
    twin_.module->push_back(std::move(m));
  }

  bool fits(extent kernel, extent padding) const {
    return kernel.height <= shape_.height + 2 * padding.height &&
           kernel.width <= shape_.width + 2 * padding.width;
  }
  void shrink(extent kernel, extent stride, extent padding) {
    shape_ = {(shape_.height + 2 * padding.height - kernel.height) / stride.height + 1,
              (shape_.width + 2 * padding.width - kernel.width) / stride.width + 1};
  }

  void add_stage() {
    if (between(0, 4) > 0) add_conv();
    const bool first = chance();
    if (first) add_activation();
    if (chance()) add_pool();
    if (!first && chance()) add_activation();
  }

  void add_conv() {
    const auto kernel = pair(1, 5), stride = pair(1, 3), padding = pair(0, 2);
    if (!fits(kernel, padding)) return;
    const auto channels = between(1, 17);
    say("conv " + std::to_string(channels) + " kernel " + to_text(kernel) + " stride " +
        to_text(stride) + " padding " + to_text(padding));
    add(fused::conv2d{channels, kernel, stride, padding},
        torch::nn::Conv2d{torch::nn::Conv2dOptions{channels_, channels, to_list(kernel)}
                              .stride(to_list(stride))
                              .padding(to_list(padding))});
    channels_ = channels;
    shrink(kernel, stride, padding);
  }

  void add_pool() {
    const auto kernel = chance() ? extent{2} : pair(1, 3);
    const auto stride = chance() ? kernel : pair(1, 3);
    const extent padding = chance() ? extent{0} : extent{kernel.height / 2, kernel.width / 2};
    if (!fits(kernel, padding)) return;
    const bool takes_greatest = chance();
    say(std::string{takes_greatest ? "max" : "avg"} + " kernel " + to_text(kernel) + " stride " +
        to_text(stride) + " padding " + to_text(padding));
    if (takes_greatest)
      add(fused::max_pool2d{kernel, stride, padding},
          torch::nn::MaxPool2d{torch::nn::MaxPool2dOptions{to_list(kernel)}
                                   .stride(to_list(stride))
                                   .padding(to_list(padding))});
    else
      add(fused::avg_pool2d{kernel, stride, padding},
          torch::nn::AvgPool2d{torch::nn::AvgPool2dOptions{to_list(kernel)}
                                   .stride(to_list(stride))
                                   .padding(to_list(padding))});
    shrink(kernel, stride, padding);
  }

  void add_activation() {
    if (chance()) {
      say("relu");
      add(fused::relu{}, torch::nn::ReLU{});
    } else {
      say("tanh");
      add(fused::tanh_activation{}, torch::nn::Tanh{});
    }
  }

  void add_linear(std::int64_t features) {
    say("linear " + std::to_string(features));
    add(fused::linear{features}, torch::nn::Linear{features_, features});
    features_ = features;
  }

  random_stream random_;
  twin_networks twin_;
  extent shape_{1};
  std::int64_t channels_ = 1, features_ = 1;
};

} // namespace troupe
