#include "fused/network_state.hpp"
#include "fused/tensor_blob.hpp"

#include <troupe/random.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace troupe::fused {

namespace {

/// Enough examples to hide the cost of a call, few enough for the cache.
constexpr std::size_t examples_at_a_time = 32;

/// Copies one example to where the first layer reads it.
void copy_example(const float* example, const layout& to, float* values) {
  const auto pixels = to.height * to.width;
  for (std::size_t c = 0; c < to.channels; ++c)
    std::copy_n(example + c * pixels, pixels, values + c * to.plane);
}

} // namespace

network::state::state(const input& in, const std::vector<block>& blocks)
    : parts{build_chain(in, blocks)},
      drops_out{std::ranges::any_of(
          blocks, [](const block& b) { return std::holds_alternative<dropout>(b.kind); })} {
  std::size_t first = 0;
  for (std::size_t i = 0; i < parts.layers.size(); ++i) {
    for (auto& tensor : parts.layers[i]->place_parameters(first)) {
      tensor.name.insert(0, parts.names[i] + '.');
      parameters.push_back(std::move(tensor));
    }
    first += parts.layers[i]->parameter_count();
  }
  weights = buffer<float>{first};
}

buffer<float> network::state::read_weights(const checkpoint& c) const {
  buffer<float> read{weights.size()};
  blob_reader file{c, "model"};
  for (const auto& p : parameters)
    file.take(p.name, p, read.data());
  file.finish();
  return read;
}

std::size_t network::state::count(std::span<const float> examples) const {
  if (examples.empty() || examples.size() % inputs() != 0)
    throw std::invalid_argument{"these are " + std::to_string(examples.size()) +
                                " numbers, and each example has " + std::to_string(inputs())};
  return examples.size() / inputs();
}

void network::state::reserve(std::size_t batch) {
  if (batch <= capacity) return;
  const auto& [signals, layers, names, first_of_batch] = parts;
  for (std::size_t i = 0; i < signals.size(); ++i) {
    const bool is_of_batch = i >= first_of_batch;
    const bool is_needed =
        (i < layers.size() && layers[i]->needs_input()) || (i > 0 && layers[i - 1]->needs_output());
    signals[i]->reserve(batch, is_of_batch || is_needed, is_of_batch);
  }
  for (const auto& layer : layers)
    layer->reserve(batch);
  capacity = batch;
}

void network::state::forward(const step_context& step, const float* examples, std::size_t batch) {
  auto& [signals, layers, names, first_of_batch] = parts;
  for (std::size_t i = 0; i < first_of_batch; ++i)
    signals[i]->share(!step.training);
  for (std::size_t e = 0; e < batch; ++e) {
    copy_example(examples + e * inputs(), signals[0]->shape(), signals[0]->values(e));
    for (std::size_t i = 0; i < first_of_batch; ++i)
      layers[i]->forward(step, {e, 1});
  }
  for (std::size_t i = first_of_batch; i < layers.size(); ++i)
    layers[i]->forward(step, {0, batch});
}

void network::state::backward(const step_context& step, std::size_t batch, updater& u) {
  auto& layers = parts.layers;
  for (auto i = layers.size(); i > parts.first_of_batch; --i)
    layers[i - 1]->backward(step, {0, batch}, i > 1, u);
  for (std::size_t e = 0; e < batch; ++e)
    for (auto i = parts.first_of_batch; i > 0; --i)
      layers[i - 1]->backward(step, {e, 1}, i > 1, u);
  for (const auto& layer : layers)
    layer->finish(step, u);
}

// ------------------------------------------------------------------------------------------------

network::network(input in, const std::vector<block>& blocks, std::uint64_t seed)
    : state_{std::make_unique<state>(in, blocks)} {
  for (const auto& tensor : state_->parameters) {
    random_stream random{seed, 0, tensor.name};
    const double bound = 1 / std::sqrt(static_cast<double>(tensor.fan_in));
    for (const auto place : tensor.places)
      state_->weights.data()[place] = static_cast<float>((2 * random.uniform() - 1) * bound);
  }
}

network::~network() = default;
network::network(network&&) noexcept = default;
network& network::operator=(network&&) noexcept = default;

std::size_t network::inputs() const noexcept {
  return state_->inputs();
}

std::size_t network::outputs() const noexcept {
  return state_->outputs();
}

std::span<const float> network::predict(std::span<const float> examples) {
  const auto count = state_->count(examples);
  const auto outputs = state_->outputs();
  const step_context step{.weights = state_->weights.data()};
  state_->reserve(std::min(count, examples_at_a_time));
  // Not where the last ones are: they may be these examples.
  state_->last_predictions.swap(state_->predictions);
  state_->predictions.resize(count * outputs);
  for (std::size_t done = 0; done < count;) {
    const auto now = std::min(count - done, examples_at_a_time);
    state_->forward(step, examples.data() + done * inputs(), now);
    for (std::size_t e = 0; e < now; ++e, ++done)
      std::copy_n(state_->parts.signals.back()->values(e), outputs,
                  state_->predictions.data() + done * outputs);
  }
  return state_->predictions;
}

void network::restore(const checkpoint& c) {
  state_->weights = state_->read_weights(c);
}

} // namespace troupe::fused
