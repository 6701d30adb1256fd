#include "model/optimizer_fields.hpp"
#include "model/state_part.hpp"

#include <ATen/ops/empty_like.h>
#include <ATen/ops/scalar_tensor.h>
#include <ATen/ops/tensor.h>

#include <stdexcept>

namespace troupe {

namespace {

/// Writes what is visited under a prefix.
struct field_writer {
  named_tensors& to;
  std::string prefix;

  void operator()(const char* name, double value) const {
    put(name, at::scalar_tensor(value, at::kDouble));
  }
  void operator()(const char* name, bool value) const {
    put(name, at::scalar_tensor(value, at::kBool));
  }
  /// A number of steps: floating, for that is what PyTorch's optimizers count with.
  void operator()(const char* name, std::int64_t value) const {
    (*this)(name, static_cast<double>(value));
  }
  void operator()(const char* name, const std::tuple<double, double>& value) const {
    put(name, at::tensor({std::get<0>(value), std::get<1>(value)}, at::kDouble));
  }
  void operator()(const char* name, const at::Tensor& value, bool /*needed*/) const {
    if (value.defined()) put(name, value);
  }

private:
  void put(const char* name, at::Tensor value) const {
    to.emplace_back(prefix + name, std::move(value));
  }
};

/// Reads what is visited. Numbers may be of any type: PyTorch has several for them.
struct field_reader {
  saved_tensors& from;
  std::string prefix;
  const at::Tensor& parameter; ///< Tensors have its shape and type, and go to its device.

  template <one_of<double, bool, std::int64_t> Number>
  void operator()(const char* name, Number& value) const {
    value = numbers(name, {})[0].item<Number>();
  }
  void operator()(const char* name, std::tuple<double, double>& value) const {
    const auto both = numbers(name, {2});
    value = {both[0].item<double>(), both[1].item<double>()};
  }
  void operator()(const char* name, at::Tensor& value, bool needed) const {
    if (!needed && !from.has(prefix + name)) return;
    value = at::empty_like(parameter).detach();
    value.copy_(from.take(prefix + name, parameter));
  }

private:
  at::Tensor numbers(const char* name, at::IntArrayRef shape) const {
    const auto saved = from.take(prefix + name);
    if (saved.sizes() != shape)
      from.fail(prefix + name, shape.empty() ? "should be a number" : "should be two numbers");
    return saved.reshape(-1);
  }
};

template <class Options, class State>
class optimizer_part : public state_part {
public:
  explicit optimizer_part(torch::optim::Optimizer& optimizer) : optimizer_{optimizer} {}

  named_tensors save(const parameter_names& names) const override {
    named_tensors saved;
    std::size_t number = 0;
    for (auto& group : optimizer_.param_groups())
      for (const auto& parameter : group.params()) {
        auto& options = static_cast<Options&>(group.options());
        const auto name = name_of(parameter, number++, names);
        visit_options(options, field_writer{saved, "param_groups." + name + '.'});
        const auto state = optimizer_.state().find(parameter.unsafeGetTensorImpl());
        if (state != optimizer_.state().end())
          visit_state(static_cast<State&>(*state->second), options,
                      field_writer{saved, "state." + name + '.'});
      }
    return saved;
  }

  std::function<void()> restore(saved_tensors& from, const parameter_names& names) override {
    const auto next = std::make_shared<content>();
    std::size_t number = 0;
    for (auto& group : optimizer_.param_groups()) {
      auto options = static_cast<const Options&>(group.options());
      for (const auto& parameter : group.params()) {
        const auto name = name_of(parameter, number++, names);
        read_options(options, field_reader{from, "param_groups." + name + '.', parameter},
                     &parameter == &group.params().front());
        if (auto state = read_state(options, {from, "state." + name + '.', parameter}))
          next->states[parameter.unsafeGetTensorImpl()] = std::move(state);
      }
      next->groups.push_back(std::move(options));
    }
    return [this, next] { apply(*next); };
  }

private:
  struct content {
    std::vector<Options> groups;
    std::decay_t<decltype(std::declval<torch::optim::Optimizer&>().state())> states;
  };

  static std::string name_of(const at::Tensor& parameter, std::size_t number,
                             const parameter_names& names) {
    const auto known = names.find(parameter.unsafeGetTensorImpl());
    return known == names.end() ? std::to_string(number) : known->second;
  }

  /// All parameters of a group say the same.
  static void read_options(Options& options, const field_reader& reader, bool first) {
    auto own = options;
    visit_options(own, reader);
    if (!first && !(own == options))
      reader.from.fail(reader.prefix + "lr",
                       "or another option is not that of its parameter group: the groups differ");
    options = own;
  }

  /// Null for a parameter that has made no step.
  static std::unique_ptr<State> read_state(const Options& options, const field_reader& reader) {
    auto state = std::make_unique<State>();
    bool there = false;
    visit_state(*state, options, [&](const char* name, const auto&...) {
      there = there || reader.from.has(reader.prefix + name);
    });
    if (!there) return nullptr;
    visit_state(*state, options, reader);
    return state;
  }

  void apply(content& next) {
    for (std::size_t i = 0; i < next.groups.size(); ++i)
      static_cast<Options&>(optimizer_.param_groups()[i].options()) = next.groups[i];
    optimizer_.state() = std::move(next.states);
  }

  torch::optim::Optimizer& optimizer_;
};

} // namespace

std::unique_ptr<state_part> make_part(torch::optim::Optimizer& optimizer) {
  using namespace torch::optim;
  if (dynamic_cast<SGD*>(&optimizer))
    return std::make_unique<optimizer_part<SGDOptions, SGDParamState>>(optimizer);
  if (dynamic_cast<Adam*>(&optimizer))
    return std::make_unique<optimizer_part<AdamOptions, AdamParamState>>(optimizer);
  if (dynamic_cast<AdamW*>(&optimizer))
    return std::make_unique<optimizer_part<AdamWOptions, AdamWParamState>>(optimizer);
  if (dynamic_cast<RMSprop*>(&optimizer))
    return std::make_unique<optimizer_part<RMSpropOptions, RMSpropParamState>>(optimizer);
  if (dynamic_cast<Adagrad*>(&optimizer))
    return std::make_unique<optimizer_part<AdagradOptions, AdagradParamState>>(optimizer);
  throw std::invalid_argument{
      "this optimizer cannot be kept in a checkpoint: it is not derived from "
      "torch::optim::SGD, Adam, AdamW, RMSprop or Adagrad"};
}

} // namespace troupe
