#pragma once

#include <troupe/checkpoint.hpp>

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace torch::nn {
class Module;
}

namespace torch::optim {
class LRScheduler;
class Optimizer;
class ReduceLROnPlateauScheduler;
} // namespace torch::optim

namespace troupe {

class grad_scaler;
class sgd;
class state_part;

/// Everything that a training goes on from, so that its next step is the same, bit for bit, in the
/// process that made the checkpoint and in one that starts from it:
///
///     torch::optim::Adam optimizer{net->parameters(), torch::optim::AdamOptions{lr}};
///     torch::optim::StepLR schedule{optimizer, 10};
///     troupe::training_state state{*net, optimizer, schedule};
///     if (t.last_checkpoint()) state.restore(t.last_checkpoint());
///     …
///       if (!t.report({{"loss", …}}, state.save())) return;
///
/// Each part is a file of the checkpoint, NAME.safetensors, under the names that PyTorch has for
/// what is in it (docs/formats.md). It refers to its parts, which must outlive it.
class training_state {
public:
  /// Adds each part under the name that is its default below.
  template <class... Parts>
  explicit training_state(Parts&... parts) {
    (add(parts), ...);
  }

  /// All of these return *this, and throw std::invalid_argument if the name is taken.

  /// Parameters and buffers. Those of the module called "model" have in an optimizer's file the
  /// names that they have here; those of another begin with its name: "critic.fc1.weight".
  training_state& add(torch::nn::Module& module, std::string name = "model");

  /// Its state and the options of its parameter groups, learning rates too: whoever wants others
  /// sets them after restore(). Parameters of no module here go by their number, from 0. Throws
  /// std::invalid_argument if it is not an SGD, Adam, AdamW, RMSprop or Adagrad.
  training_state& add(torch::optim::Optimizer& optimizer, std::string name = "optimizer");

  /// The momentum alone: its options are its constructor's.
  training_state& add(sgd& optimizer, std::string name = "optimizer");

  /// How many steps it has made. One of your own is restored if its learning rates depend on that,
  /// on those before and on what its constructor was given; what else it keeps, keep in a tensor
  /// and add that.
  training_state& add(torch::optim::LRScheduler& scheduler, std::string name = "scheduler");
  training_state& add(torch::optim::ReduceLROnPlateauScheduler& scheduler,
                      std::string name = "scheduler");

  training_state& add(grad_scaler& scaler, std::string name = "scaler");
  training_state& add(const at::Generator& generator, std::string name = "generator");

  /// Anything else; written to in place.
  training_state& add(const at::Tensor& tensor, std::string name);

  /// Copies all parts into a checkpoint.
  checkpoint save() const;

  /// Takes all parts from `c`; what else is in there does not matter, so that a module alone can be
  /// restored too. Throws std::runtime_error, naming file and tensor, if a tensor is missing, of
  /// another shape or type, or belongs to nothing here, and std::out_of_range if a whole file is
  /// missing. Nothing has changed then.
  void restore(const checkpoint& c);

private:
  void add_part(std::shared_ptr<state_part> part, std::string name);

  std::vector<std::pair<std::string, const torch::nn::Module*>> modules_;
  std::vector<std::pair<std::string, std::shared_ptr<state_part>>> parts_;
};

} // namespace troupe
