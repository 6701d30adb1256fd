#include "model/state_part.hpp"

#include <ATen/ops/scalar_tensor.h>
#include <torch/nn/module.h>

namespace troupe {

namespace {

class field_part : public state_part {
public:
  explicit field_part(std::function<std::vector<state_field>()> list) : list_{std::move(list)} {}

  named_tensors save(const parameter_names&) const override {
    named_tensors state;
    for (auto& field : list_())
      state.emplace_back(std::move(field.name), std::move(field.value));
    return state;
  }

  std::function<void()> restore(saved_tensors& from, const parameter_names&) override {
    std::vector<std::pair<state_field, at::Tensor>> values;
    for (auto& field : list_()) {
      auto value = from.take(field.name, field.value);
      values.emplace_back(std::move(field), std::move(value));
    }
    return [values = std::move(values)] {
      for (const auto& [field, value] : values)
        field.set(value);
    };
  }

private:
  std::function<std::vector<state_field>()> list_;
};

template <class Stored, class Number>
state_field field_of(std::string name, Number& number) {
  return {std::move(name),
          at::scalar_tensor(static_cast<Stored>(number), c10::CppTypeToScalarType<Stored>::value),
          [&number](const at::Tensor& t) { number = static_cast<Number>(t.item<Stored>()); }};
}

} // namespace

std::unique_ptr<state_part> make_part(std::function<std::vector<state_field>()> list) {
  return std::make_unique<field_part>(std::move(list));
}

state_field tensor_field(std::string name, const at::Tensor& tensor) {
  return {std::move(name), tensor,
          [tensor](const at::Tensor& value) { tensor.detach().copy_(value); }};
}

state_field number_field(std::string name, int& number) {
  return field_of<std::int64_t>(std::move(name), number);
}

state_field number_field(std::string name, unsigned& number) {
  return field_of<std::int64_t>(std::move(name), number);
}

state_field number_field(std::string name, float& number) {
  return field_of<float>(std::move(name), number);
}

state_field number_field(std::string name, double& number) {
  return field_of<double>(std::move(name), number);
}

state_field number_field(std::string name, std::int64_t& number) {
  return field_of<std::int64_t>(std::move(name), number);
}

named_tensors state_dict(const torch::nn::Module& module) {
  named_tensors state;
  for (const auto& parameter : module.named_parameters())
    state.emplace_back(parameter.key(), parameter.value());
  for (const auto& buffer : module.named_buffers())
    if (buffer->defined()) state.emplace_back(buffer.key(), buffer.value());
  return state;
}

} // namespace troupe
