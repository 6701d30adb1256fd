#pragma once

#include <troupe/checkpoint.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

/// Small networks, trained on a CPU without a framework: a chain of blocks whose whole step, from
/// the input to the changed weights, is Troupe's own vectorised code. Nothing is allocated and
/// nothing dispatched in a step, so networks whose layers are small train several times faster than
/// with libtorch, whose results they have to within rounding (docs/training.md):
///
///     void train(troupe::trial& t) {
///       using namespace troupe::fused;
///       network net{image{3, 32, 32},
///                   {conv2d{6, 5}, relu{}, max_pool2d{2}, flatten{}, linear{10}},
///                   t.seed("weights")};
///       trainer training{net, sgd{.lr = t.param<double>("lr"), .momentum = 0.9}};
///       if (t.last_checkpoint()) training.restore(t.last_checkpoint());
///       …
///         loss += training.step(pixels, labels);
///       …
///         if (!t.report({{"loss", …}}, training.save())) return;
///     }
///
/// Needs no libtorch. Its files are those of troupe::training_state: what is trained here loads
/// into the torch::nn module of the same chain, and the other way round.
namespace troupe::fused {

// -- blocks --------------------------------------------------------------------------------------

/// A height and a width; from one number, both.
struct extent {
  std::int64_t height, width;

  constexpr extent(std::int64_t both) : height{both}, width{both} {}
  constexpr extent(std::int64_t h, std::int64_t w) : height{h}, width{w} {}
  friend bool operator==(const extent&, const extent&) = default;
};

/// Convolution to `channels` channels, with a bias. kernel, stride >= 1, padding (with zeros) >= 0.
struct conv2d {
  std::int64_t channels;
  extent kernel;
  extent stride = 1;
  extent padding = 0;
};

/// The greatest of each window. A stride of 0 is the kernel's size; padding at most half of it.
struct max_pool2d {
  extent kernel;
  extent stride = 0;
  extent padding = 0;
};

/// The mean of each window, in which padding counts as zeros.
struct avg_pool2d {
  extent kernel;
  extent stride = 0;
  extent padding = 0;
};

struct relu {};
/// Called so, for a plain `tanh` is a function of the C library.
struct tanh_activation {};

/// From an image to features, for linear: channel by channel, row by row.
struct flatten {};

/// To `features` features, with a bias.
struct linear {
  std::int64_t features;
};

/// In training sets each element to 0 with probability p, in [0, 1), and multiplies the others by
/// 1 / (1 - p).
struct dropout {
  double p;
};

/// One link of the chain, with the name that its parameters have in checkpoints: "conv1" gives
/// conv1.weight and conv1.bias. Without one it is called by its number, as in
/// torch::nn::Sequential.
struct block {
  using any =
      std::variant<conv2d, max_pool2d, avg_pool2d, relu, tanh_activation, flatten, linear, dropout>;

  template <class Kind>
  requires std::constructible_from<any, Kind> block(Kind k) : kind{k} {}

  block(std::string n, const any& k) : name{std::move(n)}, kind{k} {}

  std::string name;
  any kind;
};

/// What a network is given: images, or vectors of features.
/// @{
struct image {
  std::int64_t channels, height, width;
};
struct features {
  std::int64_t count;
};
using input = std::variant<image, features>;
/// @}

// -- networks ------------------------------------------------------------------------------------

/// A chain of blocks with its weights. Not thread-safe: one thread calls it, and its trainer.
class network {
public:
  /// Draws weights and biases by libtorch's laws, each from the seed and its own name: uniformly
  /// from +-1/sqrt(what an output sums over). Throws std::invalid_argument, naming the block, for a
  /// chain whose parts do not fit together, for sizes out of their ranges, and where the network
  /// takes more than 2^31 elements.
  ///
  /// Batches of 8 examples and more are shared by up to `threads` threads, at least 1: the
  /// caller's, and others that the network keeps. In a trial, t.threads() says how many it has.
  /// Another number of threads rounds otherwise, as another order of a batch does; the same number
  /// gives the same results, bit for bit. Throws std::system_error where there are no threads.
  network(input in, const std::vector<block>& blocks, std::uint64_t seed, int threads = 1);
  ~network();
  network(network&&) noexcept;
  network& operator=(network&&) noexcept;

  /// How many numbers go in and come out per example.
  /// @{
  std::size_t inputs() const noexcept;
  std::size_t outputs() const noexcept;
  /// @}

  /// Returns what the network makes of examples: [B, outputs()], valid until the next call. Nothing
  /// is dropped out. `examples`: float [B, inputs()], images as [channels, height, width]. Throws
  /// std::invalid_argument unless it is a whole number of examples.
  std::span<const float> predict(std::span<const float> examples);

  /// Takes the weights from a checkpoint, file "model.safetensors". Throws std::runtime_error,
  /// naming the tensor, and std::out_of_range if there is no such file; nothing has changed then.
  void restore(const checkpoint& c);

private:
  friend class trainer;
  struct state;
  std::unique_ptr<state> state_;
};

// -- training ------------------------------------------------------------------------------------

/// As torch.optim.SGD, without dampening.
struct sgd {
  double lr;
  double momentum = 0;
  double weight_decay = 0;
};

/// As torch.optim.Adam: decay is added to gradients.
struct adam {
  double lr = 1e-3;
  double beta1 = 0.9, beta2 = 0.999;
  double eps = 1e-8;
  double weight_decay = 0;
};

/// As torch.optim.AdamW: decay shrinks the weights.
struct adamw {
  double lr = 1e-3;
  double beta1 = 0.9, beta2 = 0.999;
  double eps = 1e-8;
  double weight_decay = 1e-2;
};

using optimizer = std::variant<sgd, adam, adamw>;

/// Trains a network.
class trainer {
public:
  /// The network must outlive *this; it may be moved, but nothing assigned to it. `seed` is for
  /// dropout alone. Throws std::invalid_argument for options that are negative, not numbers, or
  /// betas that are not below 1.
  trainer(network& n, optimizer o, std::uint64_t seed = 0);
  ~trainer();
  trainer(const trainer&) = delete;
  trainer& operator=(const trainer&) = delete;

  /// Makes one step: forward, loss, backward, update. Returns the mean loss of the batch, before
  /// the update. `examples` as for predict. Memory is allocated only for a batch that is larger
  /// than all before.
  ///
  /// Cross entropy of the outputs, taken as logits, with `labels` [B], each below outputs().
  double step(std::span<const float> examples, std::span<const std::int64_t> labels);

  /// Mean squared error to `targets`, [B, outputs()].
  double step(std::span<const float> examples, std::span<const float> targets);

  /// Sets the learning rate of the steps to come.
  void set_lr(double lr);

  /// Copies weights and optimizer into a checkpoint: "model.safetensors" and
  /// "optimizer.safetensors"; and, where something is dropped out, the number of steps made into
  /// "steps.safetensors".
  checkpoint save() const;

  /// The inverse: the next step is that which would have followed, bit for bit. Throws as
  /// network::restore does. The optimizer keeps the options of its constructor. Files of libtorch's
  /// do not count steps for dropout, which begins anew there.
  void restore(const checkpoint& c);

private:
  struct state;
  std::unique_ptr<state> state_;
};

/// Returns the cross entropy of one example: -log softmax(logits)[label].
double cross_entropy(std::span<const float> logits, std::size_t label);

/// Returns the name of the instructions that the networks of this process use: "AVX2", "AVX3" (that
/// is AVX-512), …
const char* instruction_set();

} // namespace troupe::fused
