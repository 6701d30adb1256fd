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

/// What fewer examples take is not worth another thread's coming (bench_fused_threads).
constexpr std::size_t smallest_share = 4;

std::size_t to_members(int threads) {
  if (threads < 1)
    throw std::invalid_argument{"a network has " + std::to_string(threads) +
                                " threads, and should have at least 1"};
  return static_cast<std::size_t>(threads);
}

} // namespace

network::state::state(const input& in, const std::vector<block>& blocks, int threads)
    : drops_out{std::ranges::any_of(
          blocks, [](const block& b) { return std::holds_alternative<dropout>(b.kind); })},
      workers{to_members(threads)} {
  for (std::size_t k = 0; k < workers.members(); ++k) {
    replicas.push_back(build_chain(in, blocks));
    parameters = replicas.back().place_parameters();
  }
  std::size_t size = 0;
  for (const auto& layer : replicas[0].layers)
    size += layer->parameter_count();
  weights = buffer<float>{size};
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

std::size_t network::state::shares(std::size_t examples) const {
  return std::clamp<std::size_t>(examples / smallest_share, 1, workers.members());
}

void network::state::predict(std::span<const float> examples, share part, std::size_t replica) {
  auto& chain = replicas[replica];
  const step_context step{.weights = weights.data()};
  auto* to = predictions.data() + part.first * outputs();
  for (std::size_t done = 0; done < part.count;) {
    const auto now = std::min(part.count - done, examples_at_a_time);
    chain.forward(step, examples.data() + (part.first + done) * inputs(), now);
    for (std::size_t e = 0; e < now; ++e, ++done, to += outputs())
      std::copy_n(chain.signals.back()->values(e), outputs(), to);
  }
}

// ------------------------------------------------------------------------------------------------

network::network(input in, const std::vector<block>& blocks, std::uint64_t seed, int threads)
    : state_{std::make_unique<state>(in, blocks, threads)} {
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
  auto& s = *state_;
  const auto count = s.count(examples), shares = s.shares(count);
  // Not where the last ones are: they may be these examples.
  s.last_predictions.swap(s.predictions);
  s.predictions.resize(count * s.outputs());
  for (std::size_t k = 0; k < shares; ++k)
    s.replicas[k].reserve(std::min(share_of(count, shares, k).count, examples_at_a_time));
  s.workers.run(shares, [&](std::size_t k) { s.predict(examples, share_of(count, shares, k), k); });
  return s.predictions;
}

void network::restore(const checkpoint& c) {
  state_->weights = state_->read_weights(c);
}

} // namespace troupe::fused
