#include "model/safetensors.hpp"

#include <troupe/torch.hpp>

#include <ATen/ops/from_blob.h>
#include <torch/nn/module.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace troupe {

namespace {

using named_tensors = std::vector<std::pair<std::string, at::Tensor>>;

constexpr std::string_view model_blob = "model.safetensors",
                           optimizer_blob = "optimizer.safetensors";

constexpr std::array<std::pair<at::ScalarType, std::string_view>, 9> dtypes{{
    {at::kBool, "BOOL"},
    {at::kByte, "U8"},
    {at::kChar, "I8"},
    {at::kHalf, "F16"},
    {at::kBFloat16, "BF16"},
    {at::kInt, "I32"},
    {at::kFloat, "F32"},
    {at::kLong, "I64"},
    {at::kDouble, "F64"},
}};

std::string_view dtype_name(const std::string& tensor, at::ScalarType type) {
  const auto* known = std::ranges::find(dtypes, type, [](const auto& d) { return d.first; });
  if (known == dtypes.end())
    throw std::invalid_argument{"tensor \"" + tensor +
                                "\" has a type that checkpoints lack: " + c10::toString(type)};
  return known->second;
}

named_tensors state_dict(const torch::nn::Module& module) {
  named_tensors state;
  for (const auto& parameter : module.named_parameters())
    state.emplace_back(parameter.key(), parameter.value());
  for (const auto& buffer : module.named_buffers())
    state.emplace_back(buffer.key(), buffer.value());
  return state;
}

named_tensors state_dict(const sgd& optimizer) {
  auto state = optimizer.momentum();
  for (auto& [name, tensor] : state)
    name.insert(0, "momentum.");
  return state;
}

blob save(std::string_view name, const named_tensors& state) {
  named_tensors copies; // Keeps the memory that the views point to.
  std::vector<safetensors::tensor_view> views;
  for (const auto& [key, tensor] : state) {
    const auto& copy = copies.emplace_back(key, tensor.detach().cpu().contiguous()).second;
    views.push_back({key,
                     std::string{dtype_name(key, copy.scalar_type())},
                     copy.sizes().vec(),
                     {static_cast<const std::byte*>(copy.const_data_ptr()), copy.nbytes()}});
  }
  return {std::string{name}, safetensors::write(views)};
}

std::vector<safetensors::tensor_view> read(const blob& from) {
  try {
    return safetensors::read(from.bytes);
  } catch (const safetensors::format_error& e) {
    throw std::runtime_error{from.name + ": " + e.what()};
  }
}

void load(const named_tensors& state, const blob& from) {
  const auto fail = [&](const std::string& tensor, const std::string& what) {
    throw std::runtime_error{from.name + ": tensor \"" + tensor + "\" " + what};
  };
  auto saved = read(from);
  for (const auto& [name, tensor] : state) {
    const auto view = std::ranges::find(saved, name, &safetensors::tensor_view::name);
    if (view == saved.end()) fail(name, "is missing");
    if (tensor.sizes() != view->shape || dtype_name(name, tensor.scalar_type()) != view->dtype)
      fail(name, "has another shape or type than the network's");
    // from_blob wants mutable memory; the copy only reads it.
    auto* bytes = const_cast<std::byte*>(view->bytes.data());
    tensor.detach().copy_(at::from_blob(bytes, view->shape, tensor.scalar_type()));
    saved.erase(view);
  }
  if (!saved.empty()) fail(saved.front().name, "is not in the network");
}

} // namespace

checkpoint to_checkpoint(const torch::nn::Module& module, const sgd& optimizer) {
  std::vector<blob> blobs;
  blobs.push_back(save(model_blob, state_dict(module)));
  blobs.push_back(save(optimizer_blob, state_dict(optimizer)));
  return checkpoint{std::move(blobs)};
}

void restore(torch::nn::Module& module, const checkpoint& c) {
  load(state_dict(module), c.at(model_blob));
}

void restore(torch::nn::Module& module, sgd& optimizer, const checkpoint& c) {
  restore(module, c);
  load(state_dict(optimizer), c.at(optimizer_blob));
}

} // namespace troupe
