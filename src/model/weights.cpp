#include <troupe/torch.hpp>

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/embedding.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/rnn.h>

#include <cmath>

namespace troupe {

namespace {

namespace nn = torch::nn;

void draw(const at::Tensor& weight, const at::Tensor& bias, const at::Generator& g) {
  // What one output sums over: weight[0] of a Linear, one kernel of a convolution.
  const double bound = 1 / std::sqrt(static_cast<double>(weight[0].numel()));
  weight.uniform_(-bound, bound, g);
  if (bias.defined()) bias.uniform_(-bound, bound, g);
}

/// Draws the parameters of a layer that has `weight` and `bias`.
template <class Layer>
bool draw_as(nn::Module& part, const at::Generator& g) {
  const auto* layer = part.as<Layer>();
  if (layer) draw(layer->weight, layer->bias, g);
  return layer;
}

template <class... Layers>
bool draw_as_one_of(nn::Module& part, const at::Generator& g) {
  return (draw_as<Layers>(part, g) || ...);
}

void draw_embedding(const nn::EmbeddingImpl& layer, const at::Generator& g) {
  layer.weight.normal_(0, 1, g);
  if (const auto padding = layer.options.padding_idx()) layer.weight[*padding].zero_();
}

template <class... Layers>
void draw_recurrent(nn::Module& part, const at::Generator& g) {
  const auto draw_all = [&](const auto* layer) {
    if (!layer) return;
    const double bound = 1 / std::sqrt(static_cast<double>(layer->options.hidden_size()));
    for (const auto& weight : layer->parameters(/*recurse=*/false))
      weight.uniform_(-bound, bound, g);
  };
  (draw_all(part.as<Layers>()), ...);
}

} // namespace

at::Generator generator(std::uint64_t seed, c10::Device device) {
  if (device.is_cpu()) return at::detail::createCPUGenerator(seed);
  const auto& backend = at::globalContext().getAcceleratorHooksInterface(device.type());
  auto on_device = backend.getNewGenerator(device.index());
  on_device.set_current_seed(seed);
  return on_device;
}

void reset_parameters(nn::Module& module, at::Generator g) {
  const torch::NoGradGuard no_grad;
  module.apply([&g](nn::Module& part) {
    if (draw_as_one_of<nn::Linear, nn::Conv1d, nn::Conv2d, nn::Conv3d, nn::ConvTranspose1d,
                       nn::ConvTranspose2d, nn::ConvTranspose3d>(part, g))
      return;
    if (const auto* embedding = part.as<nn::Embedding>()) draw_embedding(*embedding, g);
    draw_recurrent<nn::RNN, nn::LSTM, nn::GRU>(part, g);
  });
}

} // namespace troupe
