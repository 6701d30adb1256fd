#include "fused/losses.hpp"
#include "fused/network_state.hpp"
#include "fused/optimizers.hpp"
#include "fused/tensor_blob.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace troupe::fused {

/// What training adds to a network.
struct trainer::state {
  network::state& net;
  std::unique_ptr<optimizer_state> updates;
  buffer<float> gradients;
  std::uint64_t seed;
  std::uint64_t steps = 0;

  /// One step; `loss` takes the last signal and gives its gradients.
  template <class Loss>
  double make_step(std::span<const float> examples, std::size_t batch, Loss loss) {
    net.reserve(batch);
    const step_context now{.training = true,
                           .seed = seed,
                           .step = steps,
                           .weights = net.weights.data(),
                           .gradients = gradients.data()};
    net.forward(now, examples.data(), batch);
    const double value = loss(*net.parts.signals.back());
    updates->begin_step();
    net.backward(now, batch, *updates);
    ++steps;
    return value;
  }

  void check_batch(std::size_t examples, std::size_t answers) const {
    if (examples != answers)
      throw std::invalid_argument{"there are " + std::to_string(examples) + " examples and " +
                                  std::to_string(answers) + " answers"};
  }
};

namespace {

/// Returns how many steps were made; 0 if that is not said, as where libtorch made them.
std::uint64_t steps_in(const checkpoint& c) {
  if (std::ranges::find(c.blobs(), "steps.safetensors", &blob::name) == c.blobs().end()) return 0;
  blob_reader counter{c, "steps"};
  const double steps = counter.take_count("steps");
  counter.finish();
  return static_cast<std::uint64_t>(steps);
}

} // namespace

trainer::trainer(network& n, optimizer o, std::uint64_t seed)
    : state_{new state{.net = *n.state_,
                       .updates = make_optimizer(o, n.state_->weights),
                       .gradients = buffer<float>{n.state_->weights.size()},
                       .seed = seed}} {}

trainer::~trainer() = default;

double trainer::step(std::span<const float> examples, std::span<const std::int64_t> labels) {
  const auto batch = state_->net.count(examples);
  state_->check_batch(batch, labels.size());
  return state_->make_step(examples, batch,
                           [&](signal& logits) { return cross_entropy_of_batch(logits, labels); });
}

double trainer::step(std::span<const float> examples, std::span<const float> targets) {
  const auto batch = state_->net.count(examples);
  if (targets.size() % state_->net.outputs() != 0)
    throw std::invalid_argument{"these are " + std::to_string(targets.size()) +
                                " targets, and each example has " +
                                std::to_string(state_->net.outputs())};
  state_->check_batch(batch, targets.size() / state_->net.outputs());
  return state_->make_step(examples, batch, [&](signal& outputs) {
    return squared_error_of_batch(outputs, targets, batch);
  });
}

void trainer::set_lr(double lr) {
  state_->updates->set_lr(lr);
}

checkpoint trainer::save() const {
  blob_writer model, kept, steps;
  for (const auto& p : state_->net.parameters)
    model.add(p.name, p, state_->net.weights.data());
  state_->updates->write(kept, state_->net.parameters);
  std::vector<blob> files;
  files.push_back(model.finish("model"));
  files.push_back(kept.finish("optimizer"));
  if (state_->net.drops_out) {
    steps.add("steps", std::array{static_cast<double>(state_->steps)});
    files.push_back(steps.finish("steps"));
  }
  return checkpoint{std::move(files)};
}

void trainer::restore(const checkpoint& c) {
  auto& net = state_->net;
  auto weights = net.read_weights(c);
  blob_reader file{c, "optimizer"};
  const auto apply = state_->updates->read(file, net.parameters);
  file.finish();
  const auto steps = net.drops_out ? steps_in(c) : 0;
  net.weights = std::move(weights);
  apply();
  state_->steps = steps;
}

} // namespace troupe::fused
