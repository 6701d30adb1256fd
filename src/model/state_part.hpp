#pragma once

#include "model/tensor_file.hpp"

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace torch::nn {
class Module;
}

namespace torch::optim {
class Optimizer;
class ReduceLROnPlateauScheduler;
} // namespace torch::optim

namespace troupe {

class sgd;

/// Names parameters, by the address of their at::TensorImpl.
using parameter_names = std::unordered_map<const void*, std::string>;

/// One part of a training state: what is in one file.
class state_part {
public:
  state_part() = default;
  state_part(const state_part&) = delete;
  state_part& operator=(const state_part&) = delete;
  virtual ~state_part() = default;

  virtual named_tensors save(const parameter_names& names) const = 0;

  /// Takes all that it needs out of `from`, and changes nothing: what it returns does, and does not
  /// throw.
  virtual std::function<void()> restore(saved_tensors& from, const parameter_names& names) = 0;
};

/// A value that is kept as a tensor of one shape and type.
struct state_field {
  std::string name;
  at::Tensor value; ///< Now.
  std::function<void(const at::Tensor&)> set;
};

/// Returns a part made of what `list` lists.
std::unique_ptr<state_part> make_part(std::function<std::vector<state_field>()> list);

/// Returns a field that is `tensor` itself.
state_field tensor_field(std::string name, const at::Tensor& tensor);

/// Returns a field for a number, which must outlive it.
state_field number_field(std::string name, int& number);
state_field number_field(std::string name, unsigned& number);
state_field number_field(std::string name, float& number);
state_field number_field(std::string name, double& number);
state_field number_field(std::string name, std::int64_t& number);

/// Returns the parameters and buffers of a module; the momentum of an optimizer.
named_tensors state_dict(const torch::nn::Module& module);
named_tensors state_dict(const sgd& optimizer);

/// Returns the part for an optimizer of libtorch's; throws std::invalid_argument if it is of a kind
/// that cannot be kept.
std::unique_ptr<state_part> make_part(torch::optim::Optimizer& optimizer);

/// Returns what a plateau scheduler keeps to itself.
std::vector<state_field> fields(torch::optim::ReduceLROnPlateauScheduler& scheduler);

} // namespace troupe
