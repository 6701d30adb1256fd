#include "fused/losses.hpp"
#include "fused/network_state.hpp"
#include "fused/optimizers.hpp"
#include "fused/tensor_blob.hpp"
#include "fused/training_part.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace troupe::fused {

/// What training adds to a network.
struct trainer::state {
  network::state& net;
  std::unique_ptr<optimizer_state> updates;
  std::uint64_t seed;
  std::vector<training_part> parts; ///< One for each replica.
  std::uint64_t steps = 0;

  /// One step; `loss` takes the last signal of a share, and gives it its gradients.
  template <class Loss>
  double make_step(std::span<const float> examples, std::size_t batch, Loss loss) {
    const auto shares = net.shares(batch);
    for (std::size_t k = 0; k < shares; ++k)
      net.replicas[k].reserve(share_of(batch, shares, k).count);
    updates->begin_step();
    net.workers.run(shares, [&](std::size_t k) {
      const auto part = share_of(batch, shares, k);
      auto& [added_up, to_join, its_loss] = parts[k];
      auto& chain = net.replicas[k];
      const step_context now{.training = true,
                             .first = part.first,
                             .seed = seed,
                             .step = steps,
                             .weights = net.weights.data(),
                             .gradients = added_up.data()};
      chain.forward(now, examples.data() + part.first * net.inputs(), part.count);
      its_loss = loss(*chain.signals.back(), part);
      chain.backward(now, part.count, shares == 1 ? *updates : static_cast<updater&>(*to_join));
    });
    if (shares > 1) net.workers.run(shares, [&](std::size_t k) { join_and_update(shares, k); });
    ++steps;
    double mean = 0;
    for (std::size_t k = 0; k < shares; ++k)
      mean += parts[k].loss;
    return mean;
  }

  /// Adds up what all replicas made, for a part of the weights, and updates these.
  void join_and_update(std::size_t shares, std::size_t which) {
    const auto rows = share_of(net.weights.size() / row_multiple, shares, which);
    const auto end = (rows.first + rows.count) * row_multiple;
    for (auto first = rows.first * row_multiple; first < end; first += updated_at_a_time) {
      const auto count = std::min(updated_at_a_time, end - first);
      auto* sum = parts[0].to_join->at(first);
      for (std::size_t k = 1; k < shares; ++k)
        add(count, sum, parts[k].to_join->at(first), sum);
      updates->update(first, count, sum);
    }
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
    : state_{new state{
          .net = *n.state_,
          .updates = make_optimizer(o, n.state_->weights),
          .seed = seed,
          .parts = make_training_parts(n.state_->replicas.size(), n.state_->weights.size())}} {}

trainer::~trainer() = default;

double trainer::step(std::span<const float> examples, std::span<const std::int64_t> labels) {
  const auto batch = state_->net.count(examples);
  state_->check_batch(batch, labels.size());
  check_labels(labels, state_->net.outputs());
  return state_->make_step(examples, batch, [&](signal& logits, share part) {
    return cross_entropy_of(logits, labels.subspan(part.first, part.count), batch);
  });
}

double trainer::step(std::span<const float> examples, std::span<const float> targets) {
  const auto batch = state_->net.count(examples);
  const auto each = state_->net.outputs();
  if (targets.size() % each != 0)
    throw std::invalid_argument{"these are " + std::to_string(targets.size()) +
                                " targets, and each example has " + std::to_string(each)};
  state_->check_batch(batch, targets.size() / each);
  return state_->make_step(examples, batch, [&](signal& outputs, share part) {
    return squared_error_of(outputs, targets.subspan(part.first * each, part.count * each), batch);
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
